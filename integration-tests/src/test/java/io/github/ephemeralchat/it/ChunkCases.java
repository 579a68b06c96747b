package io.github.ephemeralchat.it;

import static io.github.ephemeralchat.it.FramingCase.SMUGGLED;
import static io.github.ephemeralchat.it.FramingCase.framing;
import static io.github.ephemeralchat.it.FramingCase.post;

import java.util.ArrayList;
import java.util.List;

/** A body in chunks. */
final class ChunkCases {

    private static final String CHUNKS = "2\r\n{}\r\n0\r\n\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private ChunkCases() {}

    static List<FramingCase> all() {
        List<FramingCase> all = new ArrayList<>(sizes());
        all.addAll(ends());
        all.addAll(trailers());
        return all;
    }

    /** Lines that say how long a chunk is. */
    private static List<FramingCase> sizes() {
        List<FramingCase> all = new ArrayList<>();
        for (String line : List.of(
                "2 ",
                " 2",
                "\t2",
                "2\t",
                "2 2",
                "0x2",
                "+2",
                "-2",
                "2x",
                "2,",
                "2.0",
                "g",
                "",
                ";a",
                " ;a",
                "2\u0000",
                "2\u000b",
                "2\u007f",
                "2\u00a0",
                "\"2\"",
                "2\r",
                "ffffffff00000002",
                "fffffffffffffffff",
                "10000000000000002")) {
            String bytes = post(line + "\r\n{}\r\n0\r\n\r\n" + SMUGGLED, CHUNKED);
            all.add(framing("chunk size <" + line + ">", bytes, "400 closes", "413 closes"));
        }
        for (String line : List.of("100000002", "80000000")) {
            String bytes = post(line + "\r\n{}\r\n0\r\n\r\n" + SMUGGLED, CHUNKED);
            all.add(framing("chunk size <" + line + ">", bytes, "400 closes", "413 closes", "silent"));
        }
        for (String line : List.of(
                "2;a",
                "2;a=b",
                "2;a=\"b\"",
                "2;a=\"b;c\"",
                "2;a=b;c=d",
                "2 ;a",
                "2; a",
                "2\t;\ta = b",
                "002",
                "00000000000000000000000000000002")) {
            String bytes = post(line + "\r\n{}\r\n0\r\n\r\n", CHUNKED);
            all.add(framing("chunk size <" + line + ">", bytes, "400 closes", "201 stays"));
        }
        all.add(framing("chunk size <2>", post(CHUNKS, CHUNKED), "201 stays"));
        all.add(framing("chunk size <A>", post("A\r\n{        }\r\n0\r\n\r\n", CHUNKED), "201 stays"));
        all.add(framing("chunk size <a>", post("a\r\n{        }\r\n0\r\n\r\n", CHUNKED), "201 stays"));
        all.add(framing(
                "chunk size with 3,000 zeros",
                post("0".repeat(3_000) + CHUNKS, CHUNKED),
                "400 closes",
                "413 closes",
                "201 stays"));
        all.add(framing(
                "last chunk with 3,000 zeros",
                post("2\r\n{}\r\n" + "0".repeat(3_000) + "\r\n\r\n", CHUNKED),
                "400 closes",
                "413 closes",
                "201 stays"));
        all.add(framing(
                "chunk extension of 20,000 bytes",
                post("2;" + "a".repeat(20_000) + "\r\n{}\r\n0\r\n\r\n" + SMUGGLED, CHUNKED),
                "400 closes",
                "413 closes"));
        return all;
    }

    private static List<FramingCase> ends() {
        List<FramingCase> all = new ArrayList<>();
        for (String bytes : List.of(
                "2\n{}\r\n0\r\n\r\n",
                "2\r{}\r\n0\r\n\r\n",
                "2\r\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}0\r\n\r\n",
                "2\r\n{}\n0\r\n\r\n",
                "2\r\n{}\r0\r\n\r\n",
                "2\r\n{}XX0\r\n\r\n",
                "2\r\n{}  \r\n0\r\n\r\n",
                "1\r\n{}\r\n0\r\n\r\n",
                "2;a\n{}\r\n0\r\n\r\n",
                "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n",
                "2;a=\"\r\n\"\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}\r\n0\n\r\n",
                "2\r\n{}\r\n0;a\n\r\n")) {
            String shown = bytes.replace("\r", "CR").replace("\n", "LF");
            all.add(framing("chunks <" + shown + ">", post(bytes + SMUGGLED, CHUNKED), "400 closes"));
        }
        all.add(framing("chunks of one byte", post("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", CHUNKED), "201 stays"));
        return all;
    }

    private static List<FramingCase> trailers() {
        String body = "2\r\n{}\r\n0\r\n";
        return List.of(
                framing("trailer", post(body + "X-Any: x\r\n\r\n", CHUNKED), "201 stays"),
                framing("trailers", post(body + "X-Any: x\r\nX-Other: y\r\n\r\n", CHUNKED), "201 stays"),
                framing(
                        "trailer with a length",
                        post(body + "Content-Length: 70\r\n\r\n", CHUNKED),
                        "400 closes",
                        "201 stays"),
                framing(
                        "trailer with a coding",
                        post(body + "Transfer-Encoding: chunked\r\n\r\n", CHUNKED),
                        "400 closes",
                        "201 stays"),
                framing("trailer without a colon", post(body + "X-Any\r\n\r\n" + SMUGGLED, CHUNKED), "400 closes"),
                framing(
                        "trailer with a blank before its colon",
                        post(body + "X-Any : x\r\n\r\n" + SMUGGLED, CHUNKED),
                        "400 closes"),
                framing("trailer that is a request", post(body + SMUGGLED, CHUNKED), "400 closes"),
                framing(
                        "trailer of 40,000 bytes",
                        post(body + "X-Any: " + "x".repeat(40_000) + "\r\n\r\n" + SMUGGLED, CHUNKED),
                        "400 closes",
                        "413 closes",
                        "431 closes"),
                framing(
                        "trailer that ends with LF",
                        post(body + "X-Any: x\n\r\n", CHUNKED),
                        "400 closes",
                        "201 stays"));
    }
}
