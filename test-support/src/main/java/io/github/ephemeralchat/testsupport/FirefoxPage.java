package io.github.ephemeralchat.testsupport;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A page in Firefox, of somebody who has a window, cookies and storage of their own. */
public class FirefoxPage implements WebPage {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Map<String, Object> SIZE = Map.of("width", 1200, "height", 800);
    private static final String DELETE = "\uE017";

    private static final String IS_SEEN = """
            return all(arguments[0]).some((each) =>
              each.checkVisibility({ visibilityProperty: true }) && each.getClientRects().length > 0)""";

    /** Where an element is, if nothing covers it there. */
    private static final String PLACE = """
            const [it] = all(arguments[0]);
            it.scrollIntoView({ block: "nearest", behavior: "instant" });
            const { left, top, width, height } = it.getBoundingClientRect();
            const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
            const deepest = (root) => {
              const hit = root.elementFromPoint(x, y);
              return hit?.shadowRoot && hit !== root.host ? (deepest(hit.shadowRoot) ?? hit) : hit;
            };
            return it.contains(deepest(document)) ? { x, y } : null;""";

    private final FirefoxBrowser browser;
    private final Duration timeout;
    private final String person;
    private final String context;
    private final Queue<String> troubles;

    /**
     * Opens a window.
     *
     * @param browser where
     * @param timeout how long this person waits for what is to be seen
     */
    protected FirefoxPage(FirefoxBrowser browser, Duration timeout) {
        this.browser = browser;
        this.timeout = timeout;
        this.person = text(browser.send("browser.createUserContext", Map.of()), "userContext");
        this.context = text(
                browser.send("browsingContext.create", Map.of("type", "window", "userContext", person)), "context");
        browser.send("browsingContext.setViewport", Map.of("context", context, "viewport", SIZE));
        this.troubles = browser.troubles(context);
    }

    private static String text(Map<?, ?> result, String member) {
        return String.valueOf(result.get(member));
    }

    @Override
    public final void open(String address) {
        browser.send("browsingContext.navigate", Map.of("context", context, "url", address, "wait", "complete"));
    }

    @Override
    public final void reload() {
        browser.send("browsingContext.reload", Map.of("context", context, "wait", "complete"));
    }

    @Override
    public final String address() {
        return String.valueOf(inPage("return location.href"));
    }

    @Override
    public final void click(String role) {
        see(role);
        eventually("click on " + role)
                .until(() -> inPage(PLACE, PageScript.css(role)) instanceof Map<?, ?> place && press(place));
    }

    private boolean press(Map<?, ?> place) {
        perform(Map.of(
                "type",
                "pointer",
                "id",
                "mouse",
                "actions",
                List.of(
                        Map.of("type", "pointerMove", "x", place.get("x"), "y", place.get("y")),
                        Map.of("type", "pointerDown", "button", 0),
                        Map.of("type", "pointerUp", "button", 0))));
        return true;
    }

    @Override
    public final void type(String role, String text) {
        click(role);
        inPage("all(arguments[0])[0].select()", PageScript.css(role));
        List<Object> keys = (text.isEmpty()
                        ? Stream.of(DELETE)
                        : text.codePoints().mapToObj(Character::toString))
                .<Object>flatMap(key ->
                        Stream.of(Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key)))
                .toList();
        perform(Map.of("type", "key", "id", "keyboard", "actions", keys));
    }

    private void perform(Map<String, Object> source) {
        browser.send("input.performActions", Map.of("context", context, "actions", List.of(source)));
    }

    @Override
    public final void see(String role) {
        eventually(role).until(() -> Boolean.TRUE.equals(inPage(IS_SEEN, PageScript.css(role))));
    }

    @Override
    public final String text(String role) {
        see(role);
        return String.valueOf(inPage("return all(arguments[0])[0].innerText", PageScript.css(role)));
    }

    /** Values go in and out as JSON; a promise is awaited. */
    @Override
    public final @Nullable Object inPage(String script, Object... arguments) {
        try {
            String function = "async () => JSON.stringify((await (function () {\n" + PageScript.FIND + script
                    + "\n}).apply(null, " + JSON.writeValueAsString(arguments) + ")) ?? null)";
            Map<String, Object> answer = browser.send(
                    "script.callFunction",
                    Map.of(
                            "functionDeclaration",
                            function,
                            "awaitPromise",
                            true,
                            "target",
                            Map.of("context", context)));
            if (!(answer.get("result") instanceof Map<?, ?> result)) {
                throw new IllegalStateException(String.valueOf(answer.get("exceptionDetails")));
            }
            return JSON.readValue(text(result, "value"), Object.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public final ConditionFactory eventually(String what) {
        return Awaitility.await(what).pollInterval(POLL).atMost(timeout).ignoreExceptions();
    }

    /** {@return the warnings and errors since the last time; a refused or broken request is not the page's fault} */
    public final List<String> troubles() {
        List<String> since = new ArrayList<>();
        for (String each = troubles.poll(); each != null; each = troubles.poll()) {
            since.add(each);
        }
        return since;
    }

    @Override
    public final void close() {
        browser.send("browser.removeUserContext", Map.of("userContext", person));
    }
}
