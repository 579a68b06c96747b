package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.sse.JsonCodec.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON in which somebody stands, by the id under which the room's clients know them.
 *
 * @param ids those of the room
 */
record RoomJson(WireIds ids) {

    Fields message(Message message) {
        return json -> {
            json.writeStringField("id", message.id());
            json.writeNumberField("sequence", message.sequence());
            JsonCodec.object(json, "sender", identity(message.sender()));
            if (!message.text().isEmpty()) { // A forgotten one is empty, and one to claim.
                json.writeStringField("text", message.text());
            }
            json.writeStringField("sentAt", JsonCodec.time(message.sentAt()));
            life(message.life()).write(json);
            if (message.isNotice()) {
                json.writeBooleanField("notice", true);
            }
        };
    }

    private static Fields life(BodyLife life) {
        return json -> {
            if (life.forgotten() != null) {
                json.writeStringField("forgotten", life.forgotten().value());
                return;
            }
            if (life.expiresAt() != null) {
                json.writeStringField("expiresAt", JsonCodec.time(life.expiresAt()));
            }
            if (life.claimsLeft() != null) {
                int left = life.claimsLeft();
                JsonCodec.object(json, "claims", claims -> claims.writeNumberField("left", left));
            }
        };
    }

    /** The data of {@code x-...}. */
    Fields entry(CustomEntry entry) {
        return json -> {
            json.writeNumberField("sequence", entry.sequence());
            json.writeStringField("id", entry.id());
            json.writeStringField("kind", entry.kind());
            JsonCodec.object(json, "sender", identity(entry.sender()));
            if (!entry.body().isEmpty()) { // A forgotten one is empty.
                json.writeStringField("body", entry.body());
            }
            json.writeStringField("sentAt", JsonCodec.time(entry.sentAt()));
            life(entry.life()).write(json);
        };
    }

    Fields history(HistoryPage page) {
        return json -> {
            JsonCodec.array(json, "messages", page.messages(), this::message);
            json.writeNumberField("nextAfter", page.nextAfter());
            json.writeNumberField("lastSequence", page.lastSequence());
            json.writeBooleanField("truncated", page.truncated());
        };
    }

    /** The data of {@code cue}. */
    Fields cue(RoomEvent.CueSent cue) {
        return json -> {
            json.writeStringField("kind", cue.kind());
            JsonCodec.object(json, "sender", sender -> sender.writeStringField("id", ids.of(cue.senderId())));
            json.writeStringField("body", cue.body());
        };
    }

    /** The data of {@code presence}. */
    Fields presence(RoomEvent.PresenceChanged presence) {
        return json -> {
            if (presence.present() != null) {
                json.writeArrayFieldStart("present");
                for (String id : presence.present()) {
                    json.writeString(ids.of(id));
                }
                json.writeEndArray();
            }
            json.writeNumberField("count", presence.count());
        };
    }

    /** The data of {@code joined}. */
    Fields joined(long sequence, Participant participant, Instant at) {
        return json -> {
            json.writeNumberField("sequence", sequence);
            JsonCodec.object(json, "participant", withRole(participant));
            json.writeStringField("at", JsonCodec.time(at));
        };
    }

    /** The data of {@code left}. */
    Fields left(long sequence, Identity participant, Instant at) {
        return json -> {
            json.writeNumberField("sequence", sequence);
            JsonCodec.object(json, "participant", identity(participant));
            json.writeStringField("at", JsonCodec.time(at));
        };
    }

    Fields forgotten(long messageSequence, Forgotten reason) {
        return json -> {
            json.writeNumberField("of", messageSequence);
            json.writeStringField("reason", reason.value());
        };
    }

    Fields claimed(RoomEvent.MessageClaimed event) {
        return json -> {
            json.writeNumberField("of", event.messageSequence());
            JsonCodec.object(
                    json,
                    "participant",
                    participant -> participant.writeStringField(
                            "id", ids.of(event.identity().id())));
            json.writeNumberField("left", event.left());
        };
    }

    Fields deadlineMoved(RoomEvent.DeadlineMoved event) {
        return change(event, event.by(), json -> json.writeStringField("expiresAt", JsonCodec.time(event.expiresAt())));
    }

    Fields admissionChanged(RoomEvent.AdmissionChanged event) {
        return change(event, event.by(), json -> {
            json.writeBooleanField("locked", event.locked());
            json.writeBooleanField("proofRequired", event.proofRequired());
        });
    }

    Fields roleChanged(RoomEvent.RoleChanged event) {
        return change(event, event.by(), json -> JsonCodec.object(json, "participant", withRole(event.participant())));
    }

    Fields propertyChanged(RoomEvent.PropertyChanged event) {
        return change(event, event.by(), json -> {
            json.writeStringField("name", event.name());
            if (event.value() != null) {
                json.writeStringField("value", event.value());
            }
        });
    }

    /** The data of an event that says of a change; the host is not named. */
    private Fields change(RoomEvent.Logged event, @Nullable Identity by, Fields what) {
        return json -> {
            json.writeNumberField("sequence", event.entryId().sequence());
            what.write(json);
            if (by != null) {
                JsonCodec.object(json, "by", identity(by));
            }
        };
    }

    /**
     * A seat.
     *
     * @param withToken whether the client does not know the token yet
     */
    Fields membership(Membership membership, long lastSequence, Instant now, boolean withToken) {
        return json -> {
            JsonCodec.object(json, "room", JsonCodec.room(membership.room(), lastSequence, now));
            JsonCodec.object(json, "participant", participant(membership.participant()));
            if (withToken) {
                json.writeStringField("token", membership.token());
            }
        };
    }

    /**
     * A room as a participant sees it.
     *
     * @param present the ids of the identities that are connected; null if that is not known
     */
    Fields room(RoomState state, Instant now, Identity me, @Nullable Set<String> present) {
        List<Participant> participants =
                state.members().stream().map(Member::participant).toList();
        return json -> {
            JsonCodec.room(state, now).write(json);
            JsonCodec.array(json, "participants", participants, each -> participant(each, present));
            json.writeStringField("me", ids.of(me.id()));
        };
    }

    private Fields identity(Identity identity) {
        return json -> {
            json.writeStringField("id", ids.of(identity.id()));
            json.writeStringField("name", identity.name());
        };
    }

    Fields participant(Participant participant) {
        return json -> {
            withRole(participant).write(json);
            json.writeBooleanField("owner", participant.owner());
        };
    }

    private Fields participant(Participant participant, @Nullable Set<String> present) {
        return json -> {
            participant(participant).write(json);
            if (present != null) {
                json.writeBooleanField(
                        "present", present.contains(participant.identity().id()));
            }
        };
    }

    private Fields withRole(Participant participant) {
        return json -> {
            identity(participant.identity()).write(json);
            json.writeStringField("role", participant.role().value());
            if (participant.profile() != null) {
                json.writeStringField("profile", participant.profile());
            }
        };
    }
}
