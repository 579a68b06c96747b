package io.github.ephemeralchat.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of the HTTP API that is not a browser: it keeps no cookies.
 *
 * @param http what sends its requests
 * @param base where the API is
 * @param timeout how long it waits for an answer
 */
public record ChatClient(HttpClient http, URI base, Duration timeout) {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final int SMALL_BUFFER = 4096;
    private static final int CREATED = 201;

    /**
     * {@return a client}
     *
     * @param base where the API is
     */
    public static ChatClient of(URI base) {
        return of(base, PATIENT);
    }

    /**
     * {@return a client}
     *
     * @param base where the API is
     * @param timeout how long it waits for an answer
     */
    public static ChatClient of(URI base, Duration timeout) {
        return new ChatClient(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), base, timeout);
    }

    /**
     * {@return the answer to a request}
     *
     * @param method the HTTP method
     * @param path the path below the API's
     * @param token the token of a seat, if one is sent
     * @param json the body, if there is one
     */
    public Answer send(String method, String path, @Nullable String token, @Nullable String json) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        return Answer.to(http, request.build());
    }

    /** {@return the owner's seat in a new room} */
    public Seat create() {
        return seat(send("POST", "/rooms", null, null));
    }

    /**
     * {@return the owner's seat in a new room}
     *
     * @param seats how many seats the room has
     */
    public Seat create(int seats) {
        return seat(send("POST", "/rooms", null, "{\"ttlMinutes\":60,\"maxParticipants\":" + seats + "}"));
    }

    /**
     * {@return a new seat}
     *
     * @param room the room's code
     */
    public Seat join(String room) {
        return seat(send("POST", "/rooms/" + room + "/participants", null, null));
    }

    private Seat seat(Answer answer) {
        if (answer.status() != CREATED) {
            throw new IllegalStateException("no seat: " + answer.status() + " " + answer.body());
        }
        JsonNode json = answer.json();
        return new Seat(
                this,
                json.at("/room/id").asText(),
                json.at("/token").asText(),
                json.at("/participant/id").asText());
    }

    /**
     * A seat in a room.
     *
     * @param client what sends its requests
     * @param room the room's code
     * @param token the seat's token
     * @param id the participant's id
     */
    public record Seat(ChatClient client, String room, String token, String id) {

        /**
         * {@return the same seat, seen through another server}
         *
         * @param base where that server's API is
         */
        public Seat at(URI base) {
            return new Seat(new ChatClient(client.http, base, client.timeout), room, token, id);
        }

        /** {@return the answer to a request for the room} */
        public Answer look() {
            return client.send("GET", "/rooms/" + room, token, null);
        }

        /**
         * {@return the answer to a post}
         *
         * @param text the message's text
         */
        public Answer post(String text) {
            return post(text, null);
        }

        /**
         * {@return the answer to a post that may be repeated}
         *
         * @param text the message's text
         * @param messageId the message's id, if the client chooses it
         */
        public Answer post(String text, @Nullable String messageId) {
            var message = JsonNodeFactory.instance.objectNode().put("text", text);
            if (messageId != null) {
                message.put("id", messageId);
            }
            return client.send("POST", "/rooms/" + room + "/messages", token, message.toString());
        }

        /** {@return the answer to the request that ends the room} */
        public Answer destroy() {
            return client.send("DELETE", "/rooms/" + room, token, null);
        }

        /** {@return the answer to the request that gives the seat up} */
        public Answer leave() {
            return client.send("DELETE", "/rooms/" + room + "/participants/me", token, null);
        }

        /**
         * {@return the room's events}
         *
         * @param query what is added to the path
         * @param lastEventId the id to resume after; an empty one is not sent
         */
        public SseClient stream(String query, String lastEventId) {
            return stream(query, lastEventId, event -> {});
        }

        /**
         * {@return the room's events}
         *
         * @param query what is added to the path
         * @param lastEventId the id to resume after; an empty one is not sent
         * @param listener called with each event, on the stream's thread
         */
        public SseClient stream(String query, String lastEventId, Consumer<SseClient.Event> listener) {
            return SseClient.open(client.http, URI.create(events() + query), token, lastEventId, listener);
        }

        /**
         * {@return the connection of a stream that is never read again after its first byte}
         *
         * @throws IOException if the server does not answer
         */
        public Socket stalledStream() throws IOException {
            URI events = events();
            Socket socket = new Socket();
            socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), events.getPort()));
            String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                    .formatted(events.getPath(), token);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().read() != 'H') {
                throw new IOException("the server closed the connection");
            }
            return socket;
        }

        private URI events() {
            return URI.create(client.base + "/rooms/" + room + "/events");
        }
    }
}
