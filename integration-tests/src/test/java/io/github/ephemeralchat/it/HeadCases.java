package io.github.ephemeralchat.it;

import static io.github.ephemeralchat.it.FramingCase.framing;
import static io.github.ephemeralchat.it.FramingCase.get;

import java.util.ArrayList;
import java.util.List;

/** The method and the version of a request, and what comes before them. */
final class HeadCases {

    private static final String HOST = "Host: localhost";
    private static final String USUAL = "GET /api/openapi.yaml HTTP/1.1";

    private HeadCases() {}

    static List<FramingCase> all() {
        List<FramingCase> all = new ArrayList<>();
        all.addAll(before());
        all.addAll(methods());
        all.addAll(versions());
        all.addAll(separators());
        return all;
    }

    private static List<FramingCase> before() {
        List<FramingCase> all = new ArrayList<>();
        String usual = get(USUAL, HOST);
        for (String bytes : List.of(
                "\u0000",
                "\u0001",
                "\u0002",
                "\u0007",
                "\u000b",
                "\u001f",
                "\u007f",
                "\u0080",
                "\u00ff",
                " ",
                "\t",
                "\r",
                "\u00ef\u00bb\u00bf")) {
            all.add(framing("first byte %02x".formatted((int) bytes.charAt(0)), bytes + usual, "400 closes"));
        }
        all.add(framing("nothing before it", usual, "200 stays"));
        all.add(framing("an empty line before it", "\r\n" + usual, "200 stays"));
        all.add(framing("two empty lines before it", "\r\n\r\n" + usual, "400 closes", "200 stays"));
        all.add(framing("LF before it", "\n" + usual, "400 closes", "200 stays"));
        all.add(framing("a NUL after an empty line", "\r\n\u0000" + usual, "400 closes"));
        return all;
    }

    private static List<FramingCase> methods() {
        List<FramingCase> all = new ArrayList<>();
        for (String method :
                List.of("G\u0000T", "G\u0001T", "GE(T", "GE\"T", "GE:T", "GE,T", "GE@T", "G\u00c9T", "GET\u0000", "")) {
            all.add(framing(
                    "method <" + method + ">", get(method + " /api/openapi.yaml HTTP/1.1", HOST), "400 closes"));
        }
        all.add(framing(
                "method get",
                get("get /api/openapi.yaml HTTP/1.1", HOST),
                "405 stays",
                "501 stays",
                "405 closes",
                "501 closes"));
        all.add(framing(
                "method FOO",
                get("FOO /api/openapi.yaml HTTP/1.1", HOST),
                "405 stays",
                "501 stays",
                "405 closes",
                "501 closes"));
        all.add(framing(
                "method of 20,000 bytes",
                get("G".repeat(20_000) + " / HTTP/1.1", HOST),
                "400 closes",
                "414 closes",
                "431 closes",
                "501 closes"));
        return all;
    }

    private static List<FramingCase> versions() {
        List<FramingCase> all = new ArrayList<>();
        for (String version : List.of(
                "HTTP/2.0",
                "HTTP/3.0",
                "HTTP/0.9",
                "HTTP/9.9",
                "HTTP/1",
                "HTTP/1.",
                "HTTP/.1",
                "HTTP/1.1.1",
                "HTTP/11",
                "HTTP/1.10",
                "HTTP/01.1",
                "HTTP/1.x",
                "HTTP/x.1",
                "HTTP/-1.1",
                "HTTP/1,1",
                "http/1.1",
                "Http/1.1",
                "HTTPS/1.1",
                "XTTP/1.1",
                "HTTP 1.1",
                "HTTP/ 1.1",
                "HTTP /1.1",
                "HTTP/1.1 x",
                "HTTP/1.1x",
                "HTTP/1.1\u0000",
                "HTTP",
                "HTTP/",
                "x")) {
            all.add(framing(
                    "version <" + version + ">",
                    get("GET /api/openapi.yaml " + version, HOST),
                    "400 closes",
                    "426 closes",
                    "505 closes"));
        }
        all.add(framing(
                "version 1.2", get("GET /api/openapi.yaml HTTP/1.2", HOST), "200 stays", "200 closes", "505 closes"));
        all.add(framing("version 1.0", get("GET /api/openapi.yaml HTTP/1.0", HOST), "200 closes"));
        all.add(framing("version 1.0 without Host", get("GET /api/openapi.yaml HTTP/1.0"), "200 closes"));
        all.add(framing(
                "version 1.0, kept",
                get("GET /api/openapi.yaml HTTP/1.0", HOST, "Connection: keep-alive"),
                "200 stays",
                "200 closes"));
        all.add(framing("no version", "GET /api/openapi.yaml\r\n\r\n", "400 closes", "505 closes"));
        all.add(framing("no version, with headers", get("GET /api/openapi.yaml", HOST), "400 closes", "505 closes"));
        all.add(framing(
                "preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 closes", "426 closes", "505 closes"));
        all.add(framing("only a method", "GET\r\n\r\n", "400 closes", "505 closes"));
        return all;
    }

    private static List<FramingCase> separators() {
        List<FramingCase> all = new ArrayList<>();
        for (String line : List.of(
                "GET  /api/openapi.yaml HTTP/1.1",
                "GET /api/openapi.yaml  HTTP/1.1",
                "GET\t/api/openapi.yaml HTTP/1.1",
                "GET /api/openapi.yaml\tHTTP/1.1",
                "GET\u000b/api/openapi.yaml HTTP/1.1",
                "GET /api/openapi.yaml\u000cHTTP/1.1",
                "GET\r/api/openapi.yaml HTTP/1.1",
                "GET /api/openapi.yaml HTTP/1.1 ",
                "GET /api/openapi.yaml HTTP/1.1\t")) {
            all.add(framing(
                    "line <"
                            + line.replace("\r", "CR")
                                    .replace("\u000b", "VT")
                                    .replace("\u000c", "FF")
                                    .replace("\t", "HT")
                            + ">",
                    get(line, HOST),
                    "400 closes",
                    "505 closes",
                    "200 stays"));
        }
        all.add(framing("line ends with LF", USUAL + "\n" + HOST + "\r\n\r\n", "400 closes", "200 stays"));
        all.add(framing("line ends with CR", USUAL + "\r" + HOST + "\r\n\r\n", "400 closes", "505 closes"));
        all.add(framing(
                "line ends with CR CR LF",
                USUAL + "\r\r\n" + HOST + "\r\n\r\n",
                "400 closes",
                "505 closes",
                "200 stays"));
        return all;
    }
}
