package io.github.ephemeralchat.benchmarks.load;

import java.nio.charset.StandardCharsets;

/** The request that posts to a room, with a place for the message's own part. */
record PreparedPost(byte[] blank, int payloadAt) {

    static PreparedPost of(Template template, Seat seat, int payloadLength) {
        String payload = Payload.blank(payloadLength);
        byte[] request = template.request(seat, payload);
        return new PreparedPost(
                request, Bytes.indexOf(request, 0, request.length, payload.getBytes(StandardCharsets.US_ASCII)));
    }

    byte[] request(int phase, Post post, int publisher, long sentNanos) {
        byte[] request = blank.clone();
        Payload.write(request, payloadAt, phase, post, publisher, sentNanos);
        return request;
    }
}
