package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.tck.TestRoom.Caller;

/** Bodies that are handed out to those who claim them. */
abstract class ClaimRulesBase extends StoreRules {

    static void assertForgotten(TestRoom room, Caller caller, LogEntry entry) {
        room.assertRefused(ForgottenException.class, () -> room.claim(caller, entry));
    }

    static Draft draft(String key, int claims) {
        return new Draft(LogEntry.MESSAGE, key, "text of " + key).withLife(null, claims);
    }
}
