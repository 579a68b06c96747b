package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.it.Curl.Reply;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.github.ephemeralchat.sse.servlet.EventStreams;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.SseClient;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host with a login of its own: here whoever the header {@code X-User} names. */
class HostTest {

    private static final ChatHttpSettings SETTINGS = ChatHttpSettings.builder()
            .maxTtl(Duration.ofMinutes(30))
            .publicBaseUrl(URI.create("https://chat.example.org/talk/api"))
            .build();

    private static final RequestHooks<HttpServletRequest> HOOKS = RequestHooks.<HttpServletRequest>defaults()
            .withIdentity(HostTest::user)
            .withMayCreate(request -> !"guest".equals(request.getHeader("X-User")));

    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private Curl curl;
    private Container api;

    private static Optional<Identity> user(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("X-User")).map(name -> new Identity("user-" + name, name));
    }

    @BeforeEach
    void start() {
        api = Container.jetty(new EphemeralChatServlet(service, SETTINGS, HOOKS));
        curl = new Curl(api.base());
    }

    @AfterEach
    void stop() {
        api.close();
        service.close();
    }

    private Reply create(String user) {
        return curl.post("/rooms", "{\"name\":\"not this one\"}", "-H", "X-User: " + user);
    }

    private Reply join(String room, String user) {
        return curl.run("POST", "/rooms/" + room + "/participants", "-H", "X-User: " + user);
    }

    @Test
    void theHostsUsersAreTheParticipants() {
        Reply created = create("anna").is(201);
        assertThat(created.text("/participant/id")).matches("p_[A-Za-z0-9_-]{22}");
        assertThat(created.text("/participant/name")).isEqualTo("anna");
        String room = created.text("/room/id");
        Reply phone = join(room, "ben").is(201);
        Reply laptop = join(room, "ben").is(200);
        assertThat(laptop.text("/participant/id")).isEqualTo(phone.text("/participant/id"));
        for (Reply device : new Reply[] {phone, laptop}) {
            assertThat(curl.get("/rooms/" + room, "-H", Curl.bearer(device.text("/token")))
                            .is(200)
                            .json()
                            .get("participants"))
                    .hasSize(2);
        }
    }

    @Test
    void theHostDecidesWhoMayCreateAndForHowLong() {
        create("guest").isProblem(403, "forbidden");
        curl.post("/rooms", "{\"ttlMinutes\":31}", "-H", "X-User: anna").isProblem(400, "invalid_request");
        curl.post("/rooms", "{\"ttlMinutes\":30}", "-H", "X-User: anna").is(201);
    }

    @Test
    void whatTheWorldSeesComesFromThePublicAddress() {
        Reply created = create("anna").is(201);
        String room = created.text("/room/id");
        assertThat(created.header("location")).isEqualTo("https://chat.example.org/talk/api/rooms/" + room);
        assertThat(created.header("set-cookie")).contains("Path=/talk/api/rooms/" + room, "Secure");
    }

    @Test
    void theHostOpensAStreamFromItsOwnControllerForWhomItKnows() {
        String room = create("anna").is(201).text("/room/id");
        try (EventStreams streams = new EventStreams(service, SETTINGS);
                Container own = Container.tomcat(new Controller(streams))) {
            ChatClient client = ChatClient.of(own.base());
            URI uri = URI.create(own.base() + "?room=" + room + "&user=anna");
            try (SseClient stream = SseClient.open(client.http(), uri, "the host's own means", "", event -> {})) {
                Await.until(
                        Duration.ofSeconds(5),
                        "the history",
                        () -> stream.types().equals(List.of("joined", "ready")));
            }
            URI other = URI.create(own.base() + "?room=" + room + "&user=zoe");
            assertThat(client.send(
                                    "GET",
                                    other.toString()
                                            .substring(own.base().toString().length()),
                                    null,
                                    null)
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatTheHostPutsIntoAnAnswerStaysThere() {
        EphemeralChatServlet chat = new EphemeralChatServlet(service, SETTINGS, HOOKS);
        try (Container own = Container.jetty(new Wrapper(chat))) {
            Reply created = new Curl(own.base()).post("/rooms", "{}").is(201);
            assertThat(created.head().lines().filter(line -> line.startsWith("Set-Cookie")))
                    .hasSize(2);
            assertThat(created.head()).contains("Set-Cookie: host=kept").contains("X-Host: kept");
        }
        chat.destroy();
    }

    /** A host that sets headers of its own before it hands the request on. */
    private static final class Wrapper extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient EphemeralChatServlet chat;

        Wrapper(EphemeralChatServlet chat) {
            this.chat = chat;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            response.addHeader("Set-Cookie", "host=kept");
            response.addHeader("X-Host", "kept");
            request.setAttribute("host", "kept");
            chat.service((ServletRequest) request, response);
        }
    }

    /** The host's own way in; whom it lets in is its own matter. */
    private static final class Controller extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient EventStreams streams;

        Controller(EventStreams streams) {
            this.streams = streams;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                streams.open(
                        request,
                        response,
                        new RoomId(request.getParameter("room")),
                        "user-" + request.getParameter("user"));
            } catch (NotAParticipantException e) {
                response.sendError(HttpServletResponse.SC_FORBIDDEN);
            }
        }
    }
}
