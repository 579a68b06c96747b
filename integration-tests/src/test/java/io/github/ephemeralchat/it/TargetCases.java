package io.github.ephemeralchat.it;

import static io.github.ephemeralchat.it.FramingCase.framing;
import static io.github.ephemeralchat.it.FramingCase.get;

import java.util.ArrayList;
import java.util.List;

/** The target of a request. Where nothing else is wrong, it is known where the request ends: the connection may stay. */
final class TargetCases {

    private static final String HOST = "Host: localhost";

    private TargetCases() {}

    static List<FramingCase> all() {
        List<FramingCase> all = new ArrayList<>(targets());
        all.addAll(otherHosts());
        return all;
    }

    private static List<FramingCase> targets() {
        List<FramingCase> all = new ArrayList<>();
        for (String target : List.of(
                "/api/openapi.yaml\u0000",
                "/api\u0000/openapi.yaml",
                "/api/openapi.yaml\u0001",
                "/api/openapi.yaml\u007f",
                "/api/openapi.yaml\u0080",
                "/api/openapi.yaml\u00ff",
                "/api/openapi.yaml?\u0000",
                "/api/openapi.yaml#frag",
                "/api/openapi.yaml?a#frag",
                "#",
                "?",
                "?/api/openapi.yaml",
                "api/openapi.yaml",
                "foo?next=http://x/api/openapi.yaml",
                "localhost:80",
                "http:",
                "http:/api/openapi.yaml",
                "http://",
                "http:///api/openapi.yaml",
                "://localhost/api/openapi.yaml",
                "/api/openapi.yaml /api/openapi.yaml")) {
            all.add(framing(
                    "target <" + target + ">", get("GET " + target + " HTTP/1.1", HOST), "400 closes", "400 stays"));
        }
        for (String target : List.of(
                "*",
                "//api/openapi.yaml",
                "/api//openapi.yaml",
                "/api/openapi.yaml/",
                "/api\\openapi.yaml",
                "/api/%00",
                "/api/openapi.yaml%00",
                "/api/<x>",
                "/api/\"",
                "/api/{x}",
                "/api/|",
                "/api%2Fopenapi.yaml",
                "/api/open%2",
                "/api/%zz",
                "/api/%")) {
            all.add(framing(
                    "target <" + target + ">",
                    get("GET " + target + " HTTP/1.1", HOST),
                    "400 closes",
                    "400 stays",
                    "404 closes",
                    "404 stays"));
        }
        for (String target : List.of(
                "/api/../api/openapi.yaml",
                "/api/./openapi.yaml",
                "/api/%2e%2e/api/openapi.yaml",
                "/api/openapi.yaml;x=1",
                "/api/openapi%2Eyaml")) {
            all.add(framing(
                    "target <" + target + ">",
                    get("GET " + target + " HTTP/1.1", HOST),
                    "200 stays",
                    "400 closes",
                    "400 stays",
                    "404 closes",
                    "404 stays"));
        }
        for (String target : List.of(
                "/api/openapi.yaml?",
                "/api/openapi.yaml?a=b&c",
                "/api/openapi.yaml??",
                "http://localhost/api/openapi.yaml",
                "HTTP://LOCALHOST/api/openapi.yaml")) {
            all.add(framing("target <" + target + ">", get("GET " + target + " HTTP/1.1", HOST), "200 stays"));
        }
        all.add(framing(
                "target of 20,000 bytes",
                get("GET /" + "x".repeat(20_000) + " HTTP/1.1", HOST),
                "400 closes",
                "414 closes",
                "431 closes"));
        return all;
    }

    /** A target that names a host. */
    private static List<FramingCase> otherHosts() {
        return List.of(
                framing(
                        "target with a query for a path",
                        get("POST http://localhost?/api/rooms HTTP/1.1", HOST, "Content-Length: 0"),
                        "400 closes",
                        "404 stays",
                        "404 closes",
                        "405 stays",
                        "405 closes"),
                framing(
                        "target with a host alone",
                        get("GET http://localhost HTTP/1.1", HOST),
                        "400 closes",
                        "404 stays",
                        "404 closes"),
                framing(
                        "target with another host",
                        get("GET http://evil.example/api/openapi.yaml HTTP/1.1", HOST),
                        "400 closes",
                        "400 stays",
                        "404 stays",
                        "421 stays",
                        "200 stays"),
                framing(
                        "target with another port",
                        get("GET http://localhost:1/api/openapi.yaml HTTP/1.1", HOST),
                        "400 closes",
                        "400 stays",
                        "404 stays",
                        "421 stays",
                        "200 stays"),
                framing(
                        "target with a user",
                        get("GET http://user@localhost/api/openapi.yaml HTTP/1.1", HOST),
                        "400 closes",
                        "400 stays",
                        "200 stays"),
                framing(
                        "target with a bad host",
                        get("GET http://a b/api/openapi.yaml HTTP/1.1", HOST),
                        "400 closes",
                        "400 stays"),
                framing(
                        "target with another scheme",
                        get("GET ftp://localhost/api/openapi.yaml HTTP/1.1", HOST),
                        "400 closes",
                        "400 stays",
                        "404 stays",
                        "421 stays",
                        "200 stays"),
                framing(
                        "target with a host, no Host",
                        get("GET http://localhost/api/openapi.yaml HTTP/1.1"),
                        "400 closes",
                        "400 stays"),
                framing(
                        "OPTIONS *",
                        get("OPTIONS * HTTP/1.1", HOST),
                        "200 stays",
                        "204 stays",
                        "400 closes",
                        "404 stays",
                        "404 closes",
                        "405 stays",
                        "405 closes"),
                framing(
                        "CONNECT",
                        get("CONNECT localhost:80 HTTP/1.1", HOST),
                        "400 closes",
                        "404 closes",
                        "404 stays",
                        "405 closes",
                        "405 stays",
                        "501 closes",
                        "501 stays"));
    }
}
