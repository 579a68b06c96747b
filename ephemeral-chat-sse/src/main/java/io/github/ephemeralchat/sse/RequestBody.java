package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.model.RoomRules;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON object of a request. An absent field is null to whoever asks; a field of a wrong type is refused. */
final class RequestBody {

    private static final int MAX_BYTES = ApiRequest.MAX_BODY_BYTES;

    /** What is longer, or is not of printable ASCII, is not repeated to anybody. */
    private static final int MAX_ECHOED_NAME = 64;

    private static final int TOKEN_LENGTH = 43;
    private static final int MIN_MESSAGE_SECONDS = (int) RoomRules.MIN_MESSAGE_TTL.toSeconds();
    private static final int MAX_MESSAGE_SECONDS = (int) RoomRules.MAX_MESSAGE_TTL.toSeconds();

    /** Strings, integers, booleans, objects as maps, arrays as lists, {@link RequestJson#NULL} and {@link RequestJson#OTHER} by their names. */
    private final Map<String, Object> fields;

    private RequestBody(Map<String, Object> fields) {
        this.fields = fields;
    }

    /**
     * Reads a request's body.
     *
     * @param known the names of all fields that it may have: an option that is not known is not passed over in silence
     * @return the object; an empty one if there is no body
     * @throws ProblemException if the body is too large, of another type, no JSON, no object, or has another field
     */
    static RequestBody of(ApiRequest request, Set<String> known) {
        RequestBody body = read(request);
        for (String name : body.fields.keySet()) {
            if (!known.contains(name)) {
                throw ProblemException.invalid(
                        isEchoed(name) ? "The field " + name + " is not known." : "A field is not known.");
            }
        }
        return body;
    }

    private static boolean isEchoed(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_ECHOED_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static RequestBody read(ApiRequest request) {
        byte[] bytes;
        try {
            bytes = request.body().read();
        } catch (IOException | RuntimeException e) {
            // What a container throws for bad chunks is of any class.
            throw ProblemException.invalid("The body could not be read.");
        }
        if (bytes.length > MAX_BYTES) {
            throw new ProblemException(Problem.PAYLOAD_TOO_LARGE);
        }
        if (bytes.length == 0) {
            return new RequestBody(Map.of());
        }
        if (!isJson(request.header("Content-Type"))) {
            throw new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE);
        }
        if (isEncoded(request.header("Content-Encoding"))) {
            throw new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE, "Accept-Encoding", "identity");
        }
        try {
            return new RequestBody(RequestJson.parse(bytes));
        } catch (IOException e) {
            throw new ProblemException(Problem.INVALID_JSON);
        }
    }

    /** Whether this is {@code application/json}, in UTF-8 if a charset is named at all. */
    private static boolean isJson(@Nullable String contentType) {
        String[] parts = contentType == null
                ? new String[] {""}
                : contentType.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return parts[0].strip().equals("application/json");
    }

    private static boolean isEncoded(@Nullable String encoding) {
        return encoding != null && !encoding.strip().equalsIgnoreCase("identity");
    }

    /**
     * A whole number, or what stands for an absent one.
     *
     * @throws ProblemException if it is anything else, or out of bounds
     */
    int integer(String field, int min, int max, int absent) {
        // What is absent is the host's, so within the bounds.
        if (fields.getOrDefault(field, absent) instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw ProblemException.invalid("The field " + field + " is a whole number from " + min + " to " + max + ".");
    }

    boolean flag(String field, boolean absent) {
        if (fields.getOrDefault(field, absent) instanceof Boolean flag) {
            return flag;
        }
        throw ProblemException.invalid("The field " + field + " is true or false.");
    }

    /** A whole number that has to be there. */
    int integer(String field, int min, int max) {
        return integer(field, min, max, min - 1);
    }

    /** How long a message lives. */
    Duration messageTtl(String field) {
        return Duration.ofSeconds(integer(field, MIN_MESSAGE_SECONDS, MAX_MESSAGE_SECONDS));
    }

    /** Whether a field is there. */
    boolean has(String field) {
        return fields.containsKey(field);
    }

    /** Whether a field is there with the value null. */
    boolean isNull(String field) {
        return fields.get(field) == RequestJson.NULL;
    }

    /** A string, or null for an absent one. */
    @Nullable
    String string(String field) {
        Object value = fields.get(field);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw ProblemException.invalid("The field " + field + " is a string.");
    }

    /**
     * A new identity under the name that the body asks for, or an anonymous one.
     *
     * @throws ProblemException if the name is not valid
     */
    Identity identity() {
        String name = string("name");
        if (name == null) {
            return Identity.anonymous();
        }
        if (!Identity.isValidName(name)) {
            throw ProblemException.invalid(
                    "A name has 1 to 30 characters, all of them visible or between visible ones.");
        }
        return Identity.named(name);
    }

    /**
     * The client's own token for its seat, or null.
     *
     * @throws ProblemException if it has not the form of one
     */
    @Nullable
    String token() {
        String token = string("token");
        if (token != null && (token.length() != TOKEN_LENGTH || !Credentials.isToken(token))) {
            throw ProblemException.invalid("A token has 43 characters of [A-Za-z0-9_-].");
        }
        return token;
    }

    /**
     * The proof for a new seat, or null.
     *
     * @throws ProblemException if it has not the form of one
     */
    @Nullable
    String proof() {
        String proof = string("proof");
        if (proof != null && !RoomOptions.isValidProof(proof)) {
            throw ProblemException.invalid("A proof has 22 to 128 characters of [A-Za-z0-9_-].");
        }
        return proof;
    }

    /**
     * What the client says of itself in an encrypted room, or null.
     *
     * @throws ProblemException if it has not the form of a profile
     */
    @Nullable
    String profile() {
        String profile = string("profile");
        if (profile != null && !Participant.isValidProfile(profile)) {
            throw ProblemException.invalid("A profile has 1 to 512 characters of [A-Za-z0-9._-].");
        }
        return profile;
    }

    /**
     * Strings that are among a few, each at most once; none if the field is absent.
     *
     * @throws ProblemException if it is anything else
     */
    Set<String> subset(String field, List<String> all) {
        Set<String> found = new HashSet<>();
        boolean valid = fields.getOrDefault(field, List.of()) instanceof List<?> items
                && items.stream()
                        .allMatch(item -> item instanceof String each && all.contains(each) && found.add(each));
        if (!valid) {
            throw ProblemException.invalid(
                    "The field " + field + " is an array of some of " + String.join(", ", all) + ".");
        }
        return found;
    }

    /**
     * A room's properties by their names.
     *
     * @throws ProblemException if they are not valid, or too many
     */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        if (!(fields.getOrDefault("properties", Map.of()) instanceof Map<?, ?> object)) {
            throw ProblemException.invalid("The field properties is an object.");
        }
        object.forEach((name, value) -> properties.put((String) name, propertyValue((String) name, value)));
        if (properties.size() > Room.MAX_PROPERTIES || Room.propertyBytes(properties) > Room.MAX_PROPERTY_BYTES) {
            throw tooManyProperties();
        }
        return properties;
    }

    /**
     * The value of a property.
     *
     * @throws ProblemException if the name or the value is not valid
     */
    static String propertyValue(String name, @Nullable Object value) {
        checkPropertyName(name);
        if (value instanceof String text && Room.isValidPropertyValue(text)) {
            return text;
        }
        throw ProblemException.invalid(
                "A property has a value of 1 to 512 whole characters, at least one of them visible.");
    }

    static void checkPropertyName(String name) {
        if (!Room.isValidPropertyName(name)) {
            throw ProblemException.invalid("A property has a name [a-z][a-z0-9-]{0,31}.");
        }
    }

    static ProblemException tooManyProperties() {
        return ProblemException.invalid("A room has at most 16 properties, and 4 KiB of them.");
    }
}
