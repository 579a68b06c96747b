package io.github.ephemeralchat.model;

import java.util.Objects;

/**
 * Who somebody is inside a room: an id that is unique there, and a name to show.
 *
 * @param id 1 to 128 characters without control characters; {@code p_...} if the library made it
 * @param name 1 to 30 characters (code points), valid by {@link #isValidName}
 */
public record Identity(String id, String name) {

    /** The greatest number of code points of a name. */
    public static final int MAX_NAME_LENGTH = 30;

    /** The id of the host as a sender; no participant has it. */
    public static final String HOST_ID = "host";

    private static final int MAX_ID_LENGTH = 128;
    private static final String PREFIX = "p_";
    private static final int RANDOM_LENGTH = 16;
    private static final String[] FIRST_NAMES = {
        "Nyx", "Echo", "Iris", "Juno", "Luna", "Vega", "Lyra", "Nova", "Orion", "Atlas", "Rhea", "Selene", "Zephyr",
        "Aster", "Cleo", "Dione", "Eos", "Faye", "Gaia", "Hera", "Ione", "Kepler", "Leda", "Mira", "Naia", "Ophelia",
        "Pallas", "Quill", "Rigel", "Sol", "Thalia", "Umbra"
    };

    /**
     * Checks both parts.
     *
     * @throws IllegalArgumentException if the id is too short, too long, or holds a control character or half a character,
     *     or if the name is not valid
     */
    public Identity {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        if (!isValidId(id)) {
            throw new IllegalArgumentException("an identity's id has 1 to 128 characters, none of them a control");
        }
        if (!isValidName(name)) {
            throw new IllegalArgumentException(
                    "a name has 1 to 30 characters, all of them visible or between visible ones");
        }
    }

    /**
     * Makes a new identity with a random id and a name such as {@code Nyx_4f21ac}.
     *
     * @return a new identity, which no other participant has
     */
    public static Identity anonymous() {
        String first = FIRST_NAMES[Base58.RANDOM.nextInt(FIRST_NAMES.length)];
        return named("%s_%06x".formatted(first, Base58.RANDOM.nextInt(1 << 24)));
    }

    /**
     * Makes a new identity with a random id and a name that somebody chose.
     *
     * @param name 1 to 30 characters, valid by {@link #isValidName}
     * @return a new identity; two of the same name are two identities
     * @throws IllegalArgumentException if the name is not valid
     */
    public static Identity named(String name) {
        return new Identity(PREFIX + Base58.random(RANDOM_LENGTH), name);
    }

    /**
     * Makes the identity of a host's user, and never fails: user names have other rules elsewhere. A name that is not
     * {@linkplain #isValidName valid} is made to fit: what is not allowed in it is left out, what goes over 30 characters is cut
     * off, and if nothing is left it is {@code User}. An id that has more than 128 characters, or none, or a control
     * character, is replaced by the SHA-256 of its chars in hexadecimal digits.
     *
     * @param id of the user; ids that participants choose need something of the host's before them, such as {@code user-}
     * @param name to show
     * @return the same identity for the same two strings
     */
    public static Identity ofUser(String id, String name) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        return new Identity(HostUser.id(id), HostUser.name(name));
    }

    static boolean isValidId(String id) {
        return Validation.isSingleLine(id, MAX_ID_LENGTH);
    }

    /**
     * Tells whether an id has the form of those that the library makes: {@code p_} and 16 characters of base58. They tell
     * nothing of anybody.
     *
     * @param id any string
     * @return whether {@link #named} may have made it
     */
    public static boolean isLibraryId(String id) {
        return Objects.requireNonNull(id, "id").length() == PREFIX.length() + RANDOM_LENGTH
                && id.startsWith(PREFIX)
                && id.chars().skip(PREFIX.length()).allMatch(Base58::isDigit);
    }

    /**
     * Tells whether a string may be a name: 1 to 30 whole characters, at least one of them visible, no space at either
     * end, and none that is a control, turns the direction, hides, breaks the line or is for private use. (Zero-width
     * joiners may stand between visible characters, as they do in emoji.)
     *
     * @param name any string
     * @return whether it is valid
     */
    public static boolean isValidName(String name) {
        return Validation.isName(Objects.requireNonNull(name, "name"), MAX_NAME_LENGTH);
    }

    /** Returns the start of the id; never the name. */
    @Override
    public String toString() {
        return "Identity[" + id.substring(0, Math.min(4, id.length())) + "...]";
    }
}
