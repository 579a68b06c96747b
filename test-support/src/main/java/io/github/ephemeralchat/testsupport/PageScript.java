package io.github.ephemeralchat.testsupport;

/** What is put in front of each script that runs in a page. */
final class PageScript {

    /** Finds all elements of a selector, those in the shadow trees of others too, in the document's order. */
    static final String FIND = """
            const find = (root, selector) => [...root.querySelectorAll("*")].flatMap((each) =>
              [...(each.matches(selector) ? [each] : []), ...(each.shadowRoot ? find(each.shadowRoot, selector) : [])]);
            const all = (selector) => find(document, selector);
            """;

    private PageScript() {}

    static String css(String role) {
        return "[data-role='" + role + "']";
    }
}
