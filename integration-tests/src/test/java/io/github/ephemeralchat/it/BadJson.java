package io.github.ephemeralchat.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Bodies that the API must refuse: a grammar writes valid ones, and mutations spoil what a strict parser then refuses, or
 * give a member a value that it cannot have. The same each time.
 */
final class BadJson {

    /** A request with a body. */
    enum Target {
        ROOM,
        SEAT,
        MESSAGE;

        String path(String room) {
            return switch (this) {
                case ROOM -> "/rooms";
                case SEAT -> "/rooms/" + room + "/participants";
                case MESSAGE -> "/rooms/" + room + "/messages";
            };
        }
    }

    record Valid(Target target, String json) {}

    /**
     * A body to be refused.
     *
     * @param latin its bytes, a character for each
     */
    record Document(Target target, String latin) {

        byte[] bytes() {
            return latin.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** So that a failure is not that everything is refused. */
    static final List<Valid> VALID = List.of(
            new Valid(
                    Target.ROOM, "{\"ttlMinutes\":5,\"maxParticipants\":2,\"name\":\"Nyx\",\"ownerOnlyDestroy\":true}"),
            new Valid(Target.SEAT, "{ \"name\" : \"\\u0041da\" }"),
            new Valid(Target.MESSAGE, "{\"text\":\"a\\n\\ud83d\\ude00\",\"id\":\"x-1\"}"));

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final List<String> ODD_TOKENS = List.of(
            "01",
            "+1",
            "1.",
            ".5",
            "-",
            "1e",
            "0x1",
            "NaN",
            "Infinity",
            "-Infinity",
            "nul",
            "True",
            "undefined",
            "'a'",
            "\"\\x41\"",
            "\"\\u12\"",
            "\"\\u{41}\"",
            "\"a\nb\"",
            "\"a\tb\"",
            "\"\u0000\"",
            "\"a",
            "a",
            "/**/1",
            "//\n1",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "[1 2]",
            "[",
            "]",
            "}",
            "{\"y\":1,\"y\":2}",
            "<a/>",
            "\\",
            "\uFEFF1",
            "[".repeat(5_000),
            "[".repeat(5_000) + "]".repeat(5_000),
            "1".repeat(5_000));

    private static final List<String> NOT_UTF_8 = List.of(
            "\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f0\u009f", "\u0080", "\u00f8\u0088\u0080\u0080\u0080");

    private static final List<String> NO_STRING =
            List.of("null", "1", "-1.5", "true", "false", "[]", "[\"a\"]", "{}", "1e400");
    private static final List<String> NO_TEXT =
            List.of("\"\"", "\" \"", "\"\\ud800\"", "\"\\udc00a\"", "\"" + "x".repeat(4_001) + "\"");
    private static final List<String> NO_ID =
            List.of("\"\"", "\"a b\"", "\"a/b\"", "\"\\u00e4\"", "\"" + "x".repeat(65) + "\"", "\"a\\n\"");
    private static final List<String> NO_NAME =
            List.of("\"\"", "\"\\u0000\"", "\"a\\nb\"", "\"\\u200b\"", "\"\\ud800\"", "\"" + "x".repeat(31) + "\"");
    private static final List<String> NO_MINUTES = List.of(
            "null",
            "\"5\"",
            "0",
            "-1",
            "1441",
            "1.5",
            "1e1",
            "5.0",
            "4294967301",
            "18446744073709551621",
            "[5]",
            "{}",
            "true");
    private static final List<String> NO_FLAG = List.of("null", "\"true\"", "0", "1", "[]", "{}", "[true]");
    private static final List<String> NO_OBJECT = List.of("null", "true", "1", "\"{}\"", "[]", "[{}]", "-0.5");

    private final Random random = new Random(318);

    private BadJson() {}

    /** Of each kind as many as there are, and of what is spoilt by chance as many as are still wanted. */
    static List<Document> documents(int count) {
        BadJson generator = new BadJson();
        Map<String, Document> documents = new LinkedHashMap<>();
        generator.wrongValues().forEach(one -> documents.put(one.toString(), one));
        while (documents.size() < count) {
            Document spoilt = generator.spoilt();
            if (spoilt.bytes().length > 0 && isRefused(spoilt.bytes())) {
                documents.put(spoilt.toString(), spoilt);
            }
        }
        return List.copyOf(documents.values());
    }

    private static boolean isRefused(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return STRICT.readTree(text).isMissingNode();
        } catch (CharacterCodingException | JsonProcessingException e) {
            return true;
        }
    }

    /** What is JSON, but not of the shape that the request has. */
    private List<Document> wrongValues() {
        List<Document> all = new ArrayList<>();
        for (Target target : Target.values()) {
            NO_OBJECT.forEach(value -> all.add(document(target, value)));
            Map<String, String> members = members(target);
            for (String name : members.keySet()) {
                for (String value : wrong(name)) {
                    Map<String, String> changed = new LinkedHashMap<>(members);
                    changed.put(name, value);
                    all.add(document(target, write(changed)));
                }
            }
        }
        all.add(document(Target.MESSAGE, "{}"));
        all.add(document(Target.MESSAGE, "{\"id\":\"a\"}"));
        return all;
    }

    private static List<String> wrong(String name) {
        List<String> values = new ArrayList<>();
        switch (name) {
            case "ttlMinutes", "maxParticipants" -> values.addAll(NO_MINUTES);
            case "ownerOnlyDestroy" -> values.addAll(NO_FLAG);
            default -> {
                values.addAll(NO_STRING);
                values.addAll(name.equals("text") ? NO_TEXT : name.equals("id") ? NO_ID : NO_NAME);
            }
        }
        return values;
    }

    /** A valid document with one to three mutations. */
    private Document spoilt() {
        Target target = pick(Arrays.asList(Target.values()));
        String text = latin(write(members(target)));
        for (int i = random.nextInt(3); i >= 0 && !text.isEmpty(); i--) {
            text = pick(MUTATIONS).apply(this, text);
        }
        return new Document(target, text);
    }

    private static final List<BiFunction<BadJson, String, String>> MUTATIONS = List.of(
            (self, text) -> text.substring(0, self.random.nextInt(text.length())),
            (self, text) -> text.substring(self.random.nextInt(text.length())),
            (self, text) -> self.replaced(text, 1, ""),
            (self, text) -> self.replaced(text, 0, latin(self.pick(ODD_TOKENS))),
            (self, text) -> self.replaced(text, 1, latin(self.pick(ODD_TOKENS))),
            (self, text) -> self.replaced(text, 0, self.pick(NOT_UTF_8)),
            (self, text) -> self.replaced(text, 1, Character.toString(self.random.nextInt(256))),
            (self, text) -> self.replaced(text, 0, self.pick(List.of("{", "}", "[", "]", ",", ":", "\"", "\\", "'"))),
            (self, text) -> text.replaceFirst(
                    "\\{", "{" + text.replaceAll("^\\{|}$", "").replace("\\", "\\\\") + ","),
            (self, text) -> text + text,
            (self, text) -> text + latin(self.pick(ODD_TOKENS)),
            (self, text) -> latin(self.pick(ODD_TOKENS)) + text,
            (self, text) -> text.replace('"', '\''),
            (self, text) -> text.replace(":", "="),
            (self, text) -> text.replace(",", ";"));

    private String replaced(String text, int length, String by) {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + by + text.substring(Math.min(text.length(), at + length));
    }

    /** Members that are valid. */
    private Map<String, String> members(Target target) {
        Map<String, String> members = new LinkedHashMap<>();
        switch (target) {
            case ROOM -> {
                members.put("ttlMinutes", Integer.toString(1 + random.nextInt(1440)));
                members.put("maxParticipants", Integer.toString(2 + random.nextInt(999)));
                members.put("name", string(1 + random.nextInt(10)));
                members.put("ownerOnlyDestroy", Boolean.toString(random.nextBoolean()));
            }
            case SEAT -> members.put("name", string(1 + random.nextInt(10)));
            case MESSAGE -> {
                members.put("text", string(1 + random.nextInt(40)));
                members.put("id", "\"m" + random.nextInt(1_000_000) + "\"");
            }
        }
        return members;
    }

    private String string(int length) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            json.append(pick(List.of("a", "Z", "7", "\\u00e9", "ä", "\\ud83d\\ude00", "\uD83D\uDE00", "_")));
        }
        return json.append('"').toString();
    }

    private String write(Map<String, String> members) {
        String blank = pick(List.of("", " ", "\n", "\t "));
        StringBuilder json = new StringBuilder("{");
        members.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append(blank)
                .append('"')
                .append(name)
                .append("\":")
                .append(blank)
                .append(value));
        return json.append(blank).append('}').toString();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Document document(Target target, String json) {
        return new Document(target, latin(json));
    }

    /** UTF-8's bytes as characters, so that a mutation may cut one in two. */
    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
