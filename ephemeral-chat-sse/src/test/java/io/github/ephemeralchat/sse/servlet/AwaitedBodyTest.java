package io.github.ephemeralchat.sse.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ByteBudget;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a request counts for its body is given back, also if the body is never waited for; and what is said if no response comes. */
class AwaitedBodyTest {

    private static final RequestHooks<HttpServletRequest> HOOKS = RequestHooks.defaults();

    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private final ChatApi api = new ChatApi(service, ChatHttpSettings.defaults());

    @AfterEach
    void close() {
        service.close();
    }

    /** Nothing tells that it has no body. */
    @Test
    void pollByPostOverHttp2_holdsNothing() throws IOException {
        Membership seat = service.createRoom(RoomOptions.defaults(), Identity.anonymous());
        String path = "/rooms/" + seat.room().id().value() + "/events";
        respond(
                request("HTTP/2.0", path, "wait=5&from=now", Map.of("Authorization", "Bearer " + seat.token())),
                stub(HttpServletResponse.class, Map.of("getOutputStream", new Nowhere())));
        assertNothingIsHeld();
    }

    @Test
    void earlyResponseThatCannotBeWritten_holdsNothing() {
        HttpServletRequest request = request("HTTP/1.1", "/nowhere", null, Map.of("Transfer-Encoding", "chunked"));
        HttpServletResponse gone = stub(
                HttpServletResponse.class,
                Map.of("getOutputStream", new Nowhere(), "flushBuffer", new IOException("a test")));
        assertThatThrownBy(() -> respond(request, gone)).isInstanceOf(IOException.class);
        assertNothingIsHeld();
    }

    /** An executor that is shutting down, or no thread to be had. */
    @Test
    void containerWithoutAThread_saysSo() throws IOException {
        List<String> done = new ArrayList<>();
        ReadListener body = bodyOf(done);

        body.onAllDataRead();

        assertThat(done)
                .contains("setStatus 503", "setHeader Retry-After 1", "setContentType application/problem+json", "body")
                .contains("setHeader Connection close")
                .endsWith("complete");
        assertNothingIsHeld();
    }

    @Test
    void bodyThatTakesTooLong_isToldAsAProblem() throws IOException {
        List<String> done = new ArrayList<>();
        AsyncListener body = (AsyncListener) bodyOf(done);

        body.onTimeout(null);

        assertThat(done)
                .contains("setStatus 408", "setContentType application/problem+json", "body")
                .contains("setHeader Cache-Control no-store", "setHeader Connection close")
                .endsWith("complete");
        assertNothingIsHeld();
    }

    /** A post's body that is awaited; the calls are noted, and the container has no thread. */
    private ReadListener bodyOf(List<String> done) throws IOException {
        AtomicReference<ReadListener> listener = new AtomicReference<>();
        AsyncContext context = recorder(AsyncContext.class, done, Map.of("start", new RejectedExecutionException()));
        ServletInputStream in = new ServletInputStream() {
            @Override
            public boolean isFinished() {
                return false;
            }

            @Override
            public boolean isReady() {
                return false;
            }

            @Override
            public void setReadListener(ReadListener one) {
                listener.set(one);
            }

            @Override
            public int read() {
                return -1;
            }
        };
        Nowhere out = new Nowhere() {
            @Override
            public void write(byte[] bytes) {
                done.add("body");
            }
        };
        respond(
                request("HTTP/1.1", "/rooms", null, Map.of("Transfer-Encoding", "chunked"), context, in),
                recorder(HttpServletResponse.class, done, Map.of("getOutputStream", out)));
        return listener.get();
    }

    private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
        IncomingBody body = IncomingBody.of(request);
        assertThat(body.isAwaited()).isTrue();
        assertThat(body.countIn(api.incoming())).isTrue();
        assertThat(mayHoldAll()).isFalse();
        AwaitedBody.respond(api, request, response, body, api.begin(Translation.request(request, HOOKS, body)));
    }

    private void assertNothingIsHeld() {
        assertThat(mayHoldAll()).isTrue();
    }

    /** Whether one more request may hold all that all may hold together: an eighth of the heap. */
    private boolean mayHoldAll() {
        ByteBudget.Share share = api.incoming().newShare();
        boolean fits = share.hold(Runtime.getRuntime().maxMemory() / 8);
        share.hold(0);
        return fits;
    }

    private static HttpServletRequest request(String protocol, String path, String query, Map<String, String> headers) {
        return request(protocol, path, query, headers, stub(AsyncContext.class, Map.of()), null);
    }

    private static HttpServletRequest request(
            String protocol,
            String path,
            String query,
            Map<String, String> headers,
            AsyncContext context,
            ServletInputStream in) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                AwaitedBodyTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProtocol" -> protocol;
                    case "getMethod" -> "POST";
                    case "getRequestURI" -> path;
                    case "getQueryString" -> query;
                    case "getContentLengthLong" -> -1L;
                    case "isAsyncSupported" -> true;
                    case "getContextPath", "getServletPath" -> "";
                    case "getRemoteAddr" -> "192.0.2.1";
                    case "startAsync" -> context;
                    case "getInputStream" -> in;
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getHeaders" -> {
                        String value = headers.get((String) arguments[0]);
                        yield Collections.enumeration(value == null ? List.of() : List.of(value));
                    }
                    default -> answer(method.getReturnType(), Map.of());
                });
    }

    /** Answers each call by a value of that name, throws it if it is a failure, or else by nothing. */
    private static <T> T stub(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                AwaitedBodyTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object known = answers.get(method.getName());
                    if (known instanceof Throwable failure) {
                        throw failure;
                    }
                    return known == null ? answer(method.getReturnType(), answers) : known;
                }));
    }

    /** A stub that notes what is done. */
    private static <T> T recorder(Class<T> type, List<String> done, Map<String, Object> answers) {
        T stub = stub(type, answers);
        return type.cast(Proxy.newProxyInstance(
                AwaitedBodyTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Stream<?> words = arguments == null ? Stream.of() : Stream.of(arguments);
                    done.add(Stream.concat(Stream.of(method.getName()), words.map(String::valueOf))
                            .collect(Collectors.joining(" ")));
                    try {
                        return method.invoke(stub, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static class Nowhere extends ServletOutputStream {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(int octet) {}
    }

    private static Object answer(Class<?> type, Map<String, Object> answers) {
        if (type == boolean.class) {
            return false;
        } else if (type == int.class) {
            return 0;
        } else if (type == long.class) {
            return 0L;
        }
        return type.isInterface() ? stub(type, answers) : null;
    }
}
