package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Bodies that are gone before their room. */
abstract class ForgetRulesBase extends StoreRules {

    /** The same entry, of which only the body is gone. */
    static LogEntry gone(LogEntry entry, Forgotten reason) {
        return new LogEntry(
                entry.id(),
                entry.kind(),
                entry.sender(),
                entry.key(),
                "",
                entry.at(),
                new BodyLife(entry.life().expiresAt(), null, reason));
    }

    static WeakReference<String> post(TestRoom room, String copy, @Nullable Duration ttl) {
        String body = String.valueOf(copy.toCharArray());
        room.append(room.owner(), new Draft(LogEntry.MESSAGE, "k", body).withLife(ttl, null));
        return new WeakReference<>(body);
    }
}
