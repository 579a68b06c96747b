package io.github.ephemeralchat.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One kind of request to a target. Room, token, number of seats and payload stand in braces. All of it is ASCII. */
record Template(
        String method,
        String url,
        List<String> headers,
        @Nullable String body) {

    /** Null where the target has no such request. */
    static @Nullable Template of(Properties target, String kind, String method) {
        String url = target.getProperty(kind + ".url");
        if (url == null) {
            return null;
        }
        List<String> headers = Arrays.stream(
                        target.getProperty(kind + ".headers", "").split("\\|", -1))
                .map(String::strip)
                .filter(header -> !header.isEmpty())
                .toList();
        return new Template(method, url, headers, target.getProperty(kind + ".body"));
    }

    /** The same request for a stream that goes on after an event; the header wins over what the URL says. */
    Template resuming(String lastId) {
        if (lastId.isEmpty()) {
            return this;
        }
        List<String> more = new ArrayList<>(headers);
        more.add("Last-Event-ID: " + lastId);
        return new Template(method, url, more, body);
    }

    byte[] request(Seat seat, String payload) {
        String content = body == null ? null : fill(body, seat, payload);
        StringBuilder text = new StringBuilder(512)
                .append(method)
                .append(' ')
                .append(fill(url, seat, payload))
                .append(" HTTP/1.1\r\nHost: localhost\r\n");
        headers.forEach(header -> text.append(fill(header, seat, payload)).append("\r\n"));
        if (content != null) {
            text.append("Content-Length: ").append(content.length()).append("\r\n");
        }
        text.append("\r\n").append(content == null ? "" : content);
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static String fill(String text, Seat seat, String payload) {
        return text.replace("{room}", seat.room())
                .replace("{token}", seat.token())
                .replace("{subs}", Integer.toString(seat.seats()))
                .replace("{payload}", payload);
    }
}
