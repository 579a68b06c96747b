package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The contract as the tests read it: stricter than for clients, who have to expect fields that they do not know. */
final class OpenApi {

    static final OpenApi INSTANCE = new OpenApi();

    private static final String URI = "https://ephemeral-chat.invalid/openapi.json";

    private final JsonNode document;
    private final SchemaRegistry registry;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
            document = new YAMLMapper().readTree(in);
            closeObjects();
            String json = new ObjectMapper().writeValueAsString(document);
            registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(URI, json)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeObjects() {
        for (JsonNode schema : document.at("/components/schemas")) {
            if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
                ((ObjectNode) schema).put("additionalProperties", false);
            }
        }
    }

    JsonNode document() {
        return document;
    }

    /** One line for a response: {@code POST /rooms 403 forbidden}. */
    static String response(String operation, int status, String code) {
        return (operation + " " + status + " " + code).strip();
    }

    /** Such as {@code POST /rooms}. */
    Set<String> operations() {
        Set<String> all = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(entry -> !entry.getKey().equals("parameters"))
                        .forEach(entry -> all.add(entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return all;
    }

    /** Every response that is documented, one line each. */
    Set<String> responses() {
        Set<String> all = new TreeSet<>();
        for (String operation : operations()) {
            document.at(pointer(operation) + "/responses").properties().forEach(response -> {
                int status = Integer.parseInt(response.getKey());
                JsonNode codes = resolve(response.getValue())
                        .at("/content/application~1problem+json/schema/allOf/1/properties/code/enum");
                codes.forEach(code -> all.add(response(operation, status, code.asText())));
                if (codes.isMissingNode()) {
                    all.add(response(operation, status, ""));
                }
            });
        }
        return all;
    }

    /** Holds a response against what is documented for it. */
    void check(String operation, ApiResponse content) {
        String at = pointer(operation) + "/responses/" + content.status();
        JsonNode response = document.at(at);
        assertThat(response.isMissingNode()).as("%s %s", operation, content).isFalse();
        checkHeaders(resolve(response), content);
        JsonNode media = resolve(response).path("content");
        String contentType = content.headers().get("Content-Type");
        if (contentType == null) {
            assertThat(media.isMissingNode()).as("%s has no body", operation).isTrue();
            return;
        }
        String base = response.has("$ref") ? response.path("$ref").asText().substring(1) : at;
        String schema = base + "/content/" + contentType.replace("/", "~1") + "/schema";
        assertThat(document.at(schema).isMissingNode()).as(schema).isFalse();
        InputFormat format = contentType.endsWith("yaml") ? InputFormat.YAML : InputFormat.JSON;
        checkValue(schema, new String(content.body(), StandardCharsets.UTF_8), format);
    }

    /** Holds a value against a named schema. */
    void checkValue(String schemaName, byte[] json) {
        checkValue("/components/schemas/" + schemaName, new String(json, StandardCharsets.UTF_8), InputFormat.JSON);
    }

    private void checkValue(String pointer, String value, InputFormat format) {
        Schema schema = schemas.computeIfAbsent(
                pointer,
                at -> registry.getSchema(
                        SchemaLocation.of(URI + "#" + at.replace("{", "%7B").replace("}", "%7D"))));
        assertThat(schema.validate(value, format)).as(pointer).isEmpty();
    }

    private void checkHeaders(JsonNode response, ApiResponse content) {
        JsonNode documented = response.path("headers");
        documented.properties().stream()
                .filter(header -> resolve(header.getValue()).path("required").asBoolean())
                .forEach(header -> assertThat(content.headers()).containsKey(header.getKey()));
        Set<String> undocumented = new TreeSet<>(content.headers().keySet());
        undocumented.removeAll(ApiResponse.ALWAYS.keySet());
        undocumented.remove("Content-Type");
        undocumented.removeIf(name -> name.startsWith("Access-Control-") || name.equals("Vary"));
        documented.fieldNames().forEachRemaining(undocumented::remove);
        assertThat(undocumented).isEmpty();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static String pointer(String operation) {
        String[] parts = operation.split(" ", 2);
        return "/paths/" + parts[1].replace("/", "~1") + "/" + parts[0].toLowerCase(Locale.ROOT);
    }
}
