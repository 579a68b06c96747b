package io.github.ephemeralchat.it;

import java.util.List;

/**
 * Bytes that a client sends, and what may come back. An answer is written as its status and what becomes of the
 * connection: {@code 400 closes}, or {@code 200 stays} where the next request on it is answered as well. {@code cut} is a
 * connection that is closed without an answer, {@code silent} one that is neither closed nor answered.
 *
 * @param name what is special about the bytes
 * @param bytes a character for each
 * @param allowed the answers that RFC 9112 and RFC 9110 allow
 * @param rooms how many rooms the bytes may create at most, if the answer is 201
 */
record FramingCase(String name, String bytes, List<String> allowed, int rooms) {

    /** A whole request that creates a room: where it is the body of another one, it must not be served. */
    static final String SMUGGLED = "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

    static FramingCase framing(String name, String bytes, String... allowed) {
        return new FramingCase(name, bytes, List.of(allowed), 1);
    }

    FramingCase withRooms(int most) {
        return new FramingCase(name, bytes, allowed, most);
    }

    /** A request for the contract with other lines than usual. */
    static String get(String requestLine, String... headers) {
        return requestLine + "\r\n" + lines(headers) + "\r\n";
    }

    /** A request that creates a room. */
    static String post(String body, String... headers) {
        return "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + lines(headers)
                + "\r\n" + body;
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    @Override
    public String toString() {
        return name;
    }
}
