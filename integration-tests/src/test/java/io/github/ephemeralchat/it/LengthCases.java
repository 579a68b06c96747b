package io.github.ephemeralchat.it;

import static io.github.ephemeralchat.it.FramingCase.SMUGGLED;
import static io.github.ephemeralchat.it.FramingCase.framing;
import static io.github.ephemeralchat.it.FramingCase.get;
import static io.github.ephemeralchat.it.FramingCase.post;

import java.util.ArrayList;
import java.util.List;

/** What says where a body ends: a coding or a length. */
final class LengthCases {

    private static final String CHUNKS = "2\r\n{}\r\n0\r\n\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private LengthCases() {}

    static List<FramingCase> all() {
        List<FramingCase> all = new ArrayList<>();
        all.addAll(codings());
        all.addAll(codingLines());
        all.addAll(lengths());
        all.addAll(lengthLines());
        return all;
    }

    /** Values of Transfer-Encoding, with a request as the body. */
    private static List<FramingCase> codings() {
        List<FramingCase> all = new ArrayList<>();
        for (String value : List.of(
                "xchunked",
                "chunkedx",
                "x-chunked",
                "gzip",
                "deflate",
                "compress",
                "identity",
                "trailers",
                "chunked;q=1",
                "chunked;",
                "chunked; a=b",
                "\"chunked\"",
                "'chunked'",
                "chun ked",
                "chunked gzip",
                ",",
                "",
                ";",
                "null",
                "gzip, chunked",
                "identity, chunked",
                "chunked, identity",
                "chunked, gzip",
                "chunked, chunked",
                "chunked\u0000",
                "chunked\u000b",
                "\u000bchunked",
                "chunked\u0080",
                "chunked\u00a0")) {
            all.add(framing(
                    "coding <" + value + ">",
                    post(SMUGGLED, "Transfer-Encoding: " + value),
                    "400 closes",
                    "501 closes"));
        }
        for (String value : List.of(", chunked", "chunked,")) {
            String bytes = post(CHUNKS, "Transfer-Encoding: " + value);
            all.add(framing("coding <" + value + ">", bytes, "400 closes", "501 closes", "201 stays"));
        }
        for (String value : List.of("chunked", "CHUNKED", "Chunked", "  chunked  ", "\tchunked\t")) {
            all.add(framing("coding <" + value + ">", post(CHUNKS, "Transfer-Encoding:" + value), "201 stays"));
        }
        return all;
    }

    private static List<FramingCase> codingLines() {
        String old = post(CHUNKS, CHUNKED, "Connection: keep-alive")
                .replace("HTTP/1.1\r\nHost: localhost\r\nContent-Type", "HTTP/1.0\r\nHost: localhost\r\nContent-Type");
        return List.of(
                framing("coding twice", post(CHUNKS, CHUNKED, CHUNKED), "400 closes", "501 closes"),
                framing(
                        "coding, and identity",
                        post(CHUNKS, CHUNKED, "Transfer-Encoding: identity"),
                        "400 closes",
                        "501 closes"),
                framing(
                        "identity, and coding",
                        post(CHUNKS, "Transfer-Encoding: identity", CHUNKED),
                        "400 closes",
                        "501 closes"),
                framing(
                        "coding, and gzip",
                        post(CHUNKS, CHUNKED, "Transfer-Encoding: gzip"),
                        "400 closes",
                        "501 closes"),
                framing(
                        "coding, and an empty one",
                        post(CHUNKS, CHUNKED, "Transfer-Encoding:"),
                        "400 closes",
                        "501 closes",
                        "201 stays"),
                framing(
                        "coding beside a length",
                        post(CHUNKS + SMUGGLED, CHUNKED, "Content-Length: 4"),
                        "400 closes",
                        "201 closes"),
                framing(
                        "length beside a coding",
                        post(CHUNKS + SMUGGLED, "Content-Length: 12", CHUNKED),
                        "400 closes",
                        "201 closes"),
                framing(
                        "unknown coding beside a length",
                        post("{}" + SMUGGLED, "Transfer-Encoding: xchunked", "Content-Length: 2"),
                        "400 closes",
                        "501 closes"),
                framing("coding in HTTP/1.0", old, "400 closes", "501 closes", "201 closes"),
                framing(
                        "coding in HTTP/1.0 beside a length",
                        old.replace("Connection:", "Content-Length: 12\r\nConnection:") + SMUGGLED,
                        "400 closes",
                        "501 closes",
                        "201 closes"),
                framing("blank before the coding's colon", post(SMUGGLED, "Transfer-Encoding : chunked"), "400 closes"),
                framing("tab before the coding's colon", post(SMUGGLED, "Transfer-Encoding\t: chunked"), "400 closes"),
                framing("coding's name with a NUL", post(SMUGGLED, "Transfer-Encoding\u0000: chunked"), "400 closes"),
                framing(
                        "coding's name with a high byte",
                        post(SMUGGLED, "Transfer\u00adEncoding: chunked"),
                        "400 closes"),
                framing(
                        "coding's name with an underscore",
                        post("{}", "Transfer_Encoding: chunked", "Content-Length: 2"),
                        "201 stays"),
                framing("coding's name in capitals", post(CHUNKS, "TRANSFER-ENCODING: chunked"), "201 stays"),
                framing(
                        "coding in a folded line",
                        post(CHUNKS, "Transfer-Encoding:", " chunked"),
                        "400 closes",
                        "501 closes",
                        "201 stays"),
                framing(
                        "coding folded into another field",
                        post("{}", "Content-Length: 2", "X-Any: x", " Transfer-Encoding: chunked"),
                        "400 closes",
                        "201 stays"),
                framing(
                        "coding after a bare CR",
                        post("{}", "Content-Length: 2", "X-Any: x\rTransfer-Encoding: chunked"),
                        "400 closes",
                        "201 stays"),
                framing(
                        "GET with chunks",
                        get("GET /api/openapi.yaml HTTP/1.1", "Host: localhost", CHUNKED) + CHUNKS,
                        "200 stays",
                        "200 closes"),
                framing(
                        "GET with an unknown coding",
                        get("GET /api/openapi.yaml HTTP/1.1", "Host: localhost", "Transfer-Encoding: xchunked")
                                + SMUGGLED,
                        "400 closes",
                        "501 closes"));
    }

    /** Values of Content-Length, with a request after the body of two bytes. */
    private static List<FramingCase> lengths() {
        List<FramingCase> all = new ArrayList<>();
        for (String value : List.of(
                "+2",
                "-1",
                "-0",
                "-2",
                "0x2",
                "2a",
                "a",
                "2.0",
                "2e0",
                "2;",
                "2 3",
                "\"2\"",
                "null",
                "",
                ",",
                "2,3",
                "2, 3",
                "2,",
                "99999999999999999999",
                "18446744073709551618",
                "9223372036854775808",
                "\u000b2",
                "2\u000b",
                "2\u0000",
                "\u00b2",
                "2\u00a0",
                "2_0",
                "0b10")) {
            all.add(framing(
                    "length <" + value + ">",
                    post("{}" + SMUGGLED, "Content-Length: " + value),
                    "400 closes",
                    "413 closes"));
        }
        for (String value : List.of("2,2", "2, 2")) {
            all.add(framing(
                    "length <" + value + ">", post("{}", "Content-Length: " + value), "400 closes", "201 stays"));
        }
        for (String value : List.of("2", "  2  ", "\t2\t", "02", "0000000000000002")) {
            all.add(framing("length <" + value + ">", post("{}", "Content-Length:" + value), "201 stays"));
        }
        return all;
    }

    private static List<FramingCase> lengthLines() {
        return List.of(
                framing(
                        "length twice, the same",
                        post("{}", "Content-Length: 2", "Content-Length: 2"),
                        "400 closes",
                        "201 stays"),
                framing(
                        "length twice, two of them",
                        post("{}" + SMUGGLED, "Content-Length: 2", "Content-Length: 70"),
                        "400 closes"),
                framing(
                        "length twice, the other first",
                        post("{}" + SMUGGLED, "Content-Length: 70", "Content-Length: 2"),
                        "400 closes"),
                framing(
                        "length, and an empty one",
                        post("{}" + SMUGGLED, "Content-Length: 2", "Content-Length:"),
                        "400 closes"),
                framing(
                        "length thrice",
                        post("{}" + SMUGGLED, "Content-Length: 2", "Content-Length: 2", "Content-Length: 0"),
                        "400 closes"),
                framing("blank before the length's colon", post("{}" + SMUGGLED, "Content-Length : 2"), "400 closes"),
                framing("length's name with an underscore", post("", "Content_Length: 2"), "201 stays"),
                framing("length's name with a NUL", post("{}", "Content-Length\u0000: 2"), "400 closes"),
                framing("length in a folded line", post("{}", "Content-Length:", " 2"), "400 closes", "201 stays"),
                framing(
                        "length folded into two digits",
                        post("{}" + SMUGGLED, "Content-Length: 2", " 0"),
                        "400 closes"),
                framing(
                        "length of more than is taken",
                        post("{}", "Content-Length: 4294967298"),
                        "400 closes",
                        "413 closes",
                        "silent"),
                framing("two requests at once", post("{}", "Content-Length: 2") + SMUGGLED, "201 stays")
                        .withRooms(2),
                framing("two requests at once, with chunks", post(CHUNKS, CHUNKED) + SMUGGLED, "201 stays")
                        .withRooms(2),
                framing(
                        "GET with a length",
                        get("GET /api/openapi.yaml HTTP/1.1", "Host: localhost", "Content-Length: 2") + "{}",
                        "200 stays"),
                framing("neither length nor coding", post(""), "201 stays"));
    }
}
