package io.github.ephemeralchat.it;

import static io.github.ephemeralchat.it.FramingCase.framing;
import static io.github.ephemeralchat.it.FramingCase.get;
import static io.github.ephemeralchat.it.FramingCase.post;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Header fields, and what some of them ask for. */
final class FieldCases {

    private static final String HOST = "Host: localhost";
    private static final String USUAL = "GET /api/openapi.yaml HTTP/1.1";

    private FieldCases() {}

    static List<FramingCase> all() {
        List<FramingCase> all = new ArrayList<>();
        all.addAll(names());
        all.addAll(values());
        all.addAll(hosts());
        all.addAll(expectations());
        all.addAll(connections());
        return all;
    }

    private static List<FramingCase> names() {
        List<FramingCase> all = new ArrayList<>();
        for (String line : List.of(
                "X-Any",
                ": x",
                " : x",
                "X Any: x",
                "X\tAny: x",
                "X-Any : x",
                "X-Any\t: x",
                "X(Any: x",
                "X\"Any: x",
                "X/Any: x",
                "X@Any: x",
                "X{Any: x",
                "X\u0000Any: x",
                "X\u0001Any: x",
                "X\u007fAny: x",
                "X\u0080Any: x",
                "X\u00ffAny: x",
                "X-Any\u000b: x",
                "X\rAny: x")) {
            all.add(framing("field <" + line + ">", get(USUAL, HOST, line), "400 closes"));
        }
        for (String line : List.of(" X-Any: x", "\tX-Any: x")) {
            all.add(framing("folded first line <" + line + ">", get(USUAL, line, HOST), "400 closes", "200 stays"));
        }
        all.add(framing("Host in a folded first line", get(USUAL, " Host: localhost"), "400 closes"));
        all.add(framing("folded line", get(USUAL, HOST, "X-Any: x", " y"), "400 closes", "200 stays"));
        all.add(framing("line folded with a tab", get(USUAL, HOST, "X-Any: x", "\ty"), "400 closes", "200 stays"));
        all.add(framing("empty folded line", get(USUAL, HOST, "X-Any: x", " "), "400 closes", "200 stays"));
        all.add(framing("Host in a folded line", get(USUAL, "Host:", " localhost"), "400 closes", "200 stays"));
        all.add(framing("Host folded", get(USUAL, "Host: localhost", " x"), "400 closes"));
        return all;
    }

    private static List<FramingCase> values() {
        List<FramingCase> all = new ArrayList<>();
        for (int c : List.of(0x00, 0x01, 0x08, 0x0b, 0x0c, 0x0d, 0x1f, 0x7f)) {
            all.add(framing(
                    "value with %02x".formatted(c),
                    get(USUAL, HOST, "X-Any: a" + (char) c + "b"),
                    "400 closes",
                    "200 stays"));
        }
        all.add(framing(
                "keys of a draft of WebSocket",
                get(USUAL, HOST, "Sec-WebSocket-Key1: a", "Sec-WebSocket-Key2: b"),
                "200 stays",
                "400 closes"));
        all.add(framing("value with ff", get(USUAL, HOST, "X-Any: a\u00ffb"), "400 closes", "200 stays"));
        all.add(framing("value with a tab", get(USUAL, HOST, "X-Any: a\tb"), "200 stays"));
        all.add(framing("empty value", get(USUAL, HOST, "X-Any:"), "200 stays"));
        all.add(framing(
                "value of 5,000 bytes", get(USUAL, HOST, "X-Any: " + "x".repeat(5_000)), "200 stays", "431 closes"));
        all.add(framing(
                "value of 100,000 bytes",
                get(USUAL, HOST, "X-Any: " + "x".repeat(100_000)),
                "400 closes",
                "431 closes"));
        all.add(framing(
                "100 fields",
                get(
                        USUAL,
                        IntStream.range(0, 99)
                                .mapToObj(i -> i == 0 ? HOST : "X-" + i + ": x")
                                .toArray(String[]::new)),
                "200 stays",
                "400 closes",
                "431 closes"));
        all.add(framing("field ends with LF", USUAL + "\r\n" + HOST + "\n\r\n", "400 closes", "200 stays"));
        all.add(framing("head ends with LF LF", USUAL + "\r\n" + HOST + "\n\n", "400 closes", "200 stays"));
        all.add(framing("head ends with CR LF LF", USUAL + "\r\n" + HOST + "\r\n\n", "400 closes", "200 stays"));
        all.add(framing("head ends with LF CR LF", USUAL + "\n" + HOST + "\n\r\n", "400 closes", "200 stays"));
        return all;
    }

    private static List<FramingCase> hosts() {
        List<FramingCase> all = new ArrayList<>();
        for (String host : List.of(
                "a/b@c",
                "a b",
                "user@localhost",
                "localhost/",
                "localhost/api",
                "localhost?x",
                "localhost#x",
                "http://localhost",
                "localhost:x",
                "localhost:80:80",
                "localhost:-1",
                "[::1",
                "::1",
                "[::1]x",
                "[localhost]",
                "a\u0000",
                "a\u0001",
                "a\\b",
                "<x>",
                "a\"b",
                "a{b",
                "a^b",
                "\u00e4")) {
            all.add(framing("Host <" + host + ">", get(USUAL, "Host: " + host), "400 closes"));
        }
        for (String host : List.of(
                "localhost",
                "localhost:80",
                "LOCALHOST",
                "127.0.0.1",
                "127.0.0.1:8080",
                "[::1]",
                "[::1]:80",
                "a.example",
                "a-b.example")) {
            all.add(framing("Host <" + host + ">", get(USUAL, "Host: " + host), "200 stays"));
        }
        for (String host :
                List.of("", "localhost:", "localhost:99999", "a,b", "%6cocalhost", "a_b.example", "a!b", "a..b", ".")) {
            all.add(framing(
                    "Host <" + host + ">", get(USUAL, "Host: " + host), "200 stays", "400 closes", "400 stays"));
        }
        all.add(framing("no Host", get(USUAL), "400 closes"));
        all.add(framing("Host twice", get(USUAL, HOST, HOST), "400 closes"));
        all.add(framing("Host twice, two of them", get(USUAL, HOST, "Host: a.example"), "400 closes"));
        all.add(framing("Host, and an empty one", get(USUAL, HOST, "Host:"), "400 closes"));
        all.add(framing("blank before Host's colon", get(USUAL, "Host : localhost"), "400 closes"));
        all.add(framing("Host twice in HTTP/1.0", get("GET /api/openapi.yaml HTTP/1.0", HOST, HOST), "400 closes"));
        return all;
    }

    /** What is expected may be refused, passed over, or granted; only a length that is too great is never waited for. */
    private static List<FramingCase> expectations() {
        List<FramingCase> all = new ArrayList<>();
        String length = "Content-Length: 2";
        for (String value :
                List.of("200-ok", "100-continue, 200-ok", "100-continue\r\nExpect: 200-ok", "100-continued", "")) {
            all.add(framing(
                    "Expect <" + value.replace("\r\n", " ") + ">",
                    post("{}", length, "Expect: " + value),
                    "417 closes",
                    "417 stays",
                    "201 stays",
                    "100 201 stays"));
        }
        for (String value : List.of("100-continue", "100-CONTINUE")) {
            String bytes = post("{}", length, "Expect: " + value);
            all.add(framing("Expect <" + value + "> with the body", bytes, "100 201 stays", "201 stays"));
        }
        String old = post("{}", length, "Expect: 100-continue").replace("HTTP/1.1", "HTTP/1.0");
        all.add(framing("Expect in HTTP/1.0", old, "201 closes"));
        String empty = get(USUAL, HOST, "Expect: 100-continue");
        all.add(framing("Expect without a body", empty, "200 stays", "200 closes", "100 200 stays"));
        String nowhere = post("", length, "Expect: 100-continue").replace("/api/rooms", "/api/nowhere");
        all.add(framing("Expect to nowhere", nowhere, "404 closes", "100 404 closes"));
        String large = post("", "Content-Length: 4194304", "Expect: 100-continue");
        all.add(framing("Expect with a length over the limit", large, "413 closes", "100 413 closes", "100 silent"));
        return all;
    }

    private static List<FramingCase> connections() {
        return List.of(
                framing("Connection: close", get(USUAL, HOST, "Connection: close"), "200 closes"),
                framing("Connection: Close", get(USUAL, HOST, "Connection: Close"), "200 closes"),
                framing(
                        "Connection: keep-alive, close",
                        get(USUAL, HOST, "Connection: keep-alive, close"),
                        "200 closes"),
                framing("Connection: x", get(USUAL, HOST, "Connection: x"), "200 stays"),
                framing("Connection: keep-alive", get(USUAL, HOST, "Connection: keep-alive"), "200 stays"),
                framing(
                        "Upgrade to WebSocket",
                        get(USUAL, HOST, "Connection: Upgrade", "Upgrade: websocket"),
                        "200 stays"),
                framing(
                        "Upgrade to HTTP/2",
                        get(
                                USUAL,
                                HOST,
                                "Connection: Upgrade, HTTP2-Settings",
                                "Upgrade: h2c",
                                "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"),
                        "200 stays"));
    }
}
