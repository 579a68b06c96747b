package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request in the making. */
final class TestRequest {

    private final String method;
    private final String path;
    private final @Nullable String query;
    private final Map<String, List<String>> headers = new TreeMap<>();
    private byte[] body = {};
    private String mount = "/api";
    private boolean secure;
    private String address = "192.0.2.1";
    private Supplier<Optional<Identity>> identity = Optional::empty;
    private boolean mayCreate = true;
    private Predicate<RoomId> mayJoin = room -> true;
    private int timesAskedForAddress;

    private TestRequest(String method, String target) {
        int mark = target.indexOf('?');
        this.method = method;
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = mark < 0 ? null : target.substring(mark + 1);
    }

    static TestRequest post(String target) {
        return of("POST", target);
    }

    static TestRequest get(String target) {
        return of("GET", target);
    }

    static TestRequest delete(String target) {
        return of("DELETE", target);
    }

    static TestRequest put(String target) {
        return of("PUT", target);
    }

    static TestRequest patch(String target) {
        return of("PATCH", target);
    }

    static TestRequest of(String method, String target) {
        return new TestRequest(method, target);
    }

    TestRequest json(String json) {
        return body("application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    TestRequest body(String contentType, byte[] bytes) {
        body = bytes;
        return header("Content-Type", contentType);
    }

    TestRequest rawBody(byte[] bytes) {
        body = bytes;
        return this;
    }

    TestRequest header(String name, String... values) {
        headers.put(name.toLowerCase(Locale.ROOT), List.of(values));
        return this;
    }

    TestRequest token(String token) {
        return header("Authorization", "Bearer " + token);
    }

    TestRequest cookie(String token) {
        return header("Cookie", "theme=dark; ephemeral-chat=" + token + "; x=y");
    }

    TestRequest mount(String mount) {
        this.mount = mount;
        return this;
    }

    TestRequest secure() {
        secure = true;
        return this;
    }

    TestRequest from(String address) {
        this.address = address;
        return this;
    }

    TestRequest as(Identity identity) {
        this.identity = () -> Optional.of(identity);
        return this;
    }

    TestRequest identity(Supplier<Optional<Identity>> hook) {
        this.identity = hook;
        return this;
    }

    TestRequest failingIdentity(RuntimeException failure) {
        this.identity = () -> {
            throw failure;
        };
        return this;
    }

    TestRequest mayNotCreate() {
        mayCreate = false;
        return this;
    }

    TestRequest mayJoin(Predicate<RoomId> hook) {
        mayJoin = hook;
        return this;
    }

    int timesAskedForAddress() {
        return timesAskedForAddress;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    ApiRequest toApi() {
        return new ApiRequest(
                method,
                path,
                query,
                name -> headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()),
                () -> body,
                mount,
                secure,
                false,
                RequestHooks.<TestRequest>defaults()
                        .withIdentity(request -> request.identity.get())
                        .withMayCreate(request -> request.mayCreate)
                        .withMayJoin((request, room) -> request.mayJoin.test(room))
                        .withClientAddress(request -> {
                            request.timesAskedForAddress++;
                            return request.address;
                        })
                        .bind(this, null));
    }
}
