package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import org.jspecify.annotations.Nullable;

/** Who somebody is whom the host does not know. */
final class Names {

    private Names() {}

    /**
     * A new identity under the name that the body asks for, or an anonymous one.
     *
     * @throws ProblemException where the name is not valid
     */
    static Identity chosen(RequestBody body) {
        @Nullable String name = body.string("name");
        if (name == null) {
            return Identity.anonymous();
        }
        if (!Identity.isValidName(name)) {
            throw ProblemException.invalid("A name has 1 to 30 characters, none of them a control character.");
        }
        return Identity.named(name);
    }
}
