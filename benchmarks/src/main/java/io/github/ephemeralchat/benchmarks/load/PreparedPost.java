package io.github.ephemeralchat.benchmarks.load;

import java.nio.charset.StandardCharsets;

/** The request that posts to a room, with a place for the message's own part. */
final class PreparedPost {

    private final byte[] blank;
    private final int payloadAt;

    PreparedPost(Template template, Seat seat, int payloadLength) {
        String payload = Payload.blank(payloadLength);
        blank = template.request(seat, payload);
        payloadAt = Bytes.indexOf(blank, 0, blank.length, payload.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] request(int phase, Post post, int publisher, long sentNanos) {
        byte[] request = blank.clone();
        Payload.write(request, payloadAt, phase, post, publisher, sentNanos);
        return request;
    }
}
