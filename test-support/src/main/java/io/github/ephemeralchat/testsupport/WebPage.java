package io.github.ephemeralchat.testsupport;

import java.util.List;
import java.util.Objects;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A page in a browser that names its elements in {@code data-role}, and the person in front of it. Elements are found inside
 * custom elements too.
 */
public interface WebPage extends AutoCloseable {

    /**
     * Opens a page.
     *
     * @param address its address
     */
    void open(String address);

    /** Loads the page again. */
    void reload();

    /** {@return the address of the page} */
    String address();

    /**
     * Clicks on an element, once it can be seen.
     *
     * @param role its role
     */
    void click(String role);

    /**
     * Types into a field, once it can be seen, in place of what is in it.
     *
     * @param role its role
     * @param text what is typed
     */
    void type(String role, String text);

    /**
     * Waits until an element can be seen.
     *
     * @param role its role
     */
    void see(String role);

    /**
     * {@return the text of an element, once it can be seen}
     *
     * @param role its role
     */
    String text(String role);

    /**
     * {@return what a script in the page returns}
     *
     * @param script its body, for which {@code all(selector)} finds elements in shadow trees too
     * @param arguments its {@code arguments}
     */
    @Nullable
    Object inPage(String script, Object... arguments);

    /**
     * {@return a wait that fails after this person's time-out; what cannot be asked yet is asked again}
     *
     * @param what what is awaited, for the failure's message
     */
    ConditionFactory eventually(String what);

    /** Closes the page. */
    @Override
    void close();

    /**
     * Waits until an element has a text.
     *
     * @param role its role
     * @param part what its text contains
     */
    default void see(String role, String part) {
        eventually(part).until(() -> texts(role).stream().anyMatch(text -> text.contains(part)));
    }

    /**
     * {@return the texts of all elements with a role, read in one step so that none of them changes meanwhile}
     *
     * @param role their role
     */
    @SuppressWarnings("unchecked")
    default List<String> texts(String role) {
        return (List<String>) Objects.requireNonNull(
                inPage("return all(arguments[0]).map((each) => each.textContent)", PageScript.css(role)));
    }

    /**
     * {@return an attribute's value, or {@code null} as a text}
     *
     * @param role the role of the element
     * @param name the name of the attribute
     */
    default String attribute(String role, String name) {
        return String.valueOf(
                inPage("return all(arguments[0])[0]?.getAttribute(arguments[1])", PageScript.css(role), name));
    }
}
