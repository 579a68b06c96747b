package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.Member;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Stores with one fault each in bodies that are forgotten or claimed. */
enum BodyFault implements SeededFault {
    FORGOTTEN_BODY_STAYS("s17_sender_forgets", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        LogEntry withoutBody(LogEntry entry, Forgotten reason) {
            return withLife(entry, entry.life().forgotten(reason));
        }
    }),
    FORGETTING_IS_NOT_MARKED("s17_sender_forgets", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        LogEntry withoutBody(LogEntry entry, Forgotten reason) {
            return withBody(entry, "", entry.life());
        }
    }),
    FORGOTTEN_ENTRY_LOSES_ITS_KEY(
            "s4_s17_retry_of_what_is_forgotten_stores_nothing", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                LogEntry withoutBody(LogEntry entry, Forgotten reason) {
                    LogEntry gone = super.withoutBody(entry, reason);
                    return new LogEntry(gone.id(), gone.kind(), gone.sender(), "", "", gone.at(), gone.life());
                }
            }),
    FORGOTTEN_ENTRY_IS_REMOVED("s17_sender_forgets", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void forget(Chat chat, LogEntry entry, Forgotten reason) {
            chat.log.remove(entry);
        }
    }),
    FORGOTTEN_ENTRY_LOSES_ITS_SENDER("s17_host_forgets", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        LogEntry withoutBody(LogEntry entry, Forgotten reason) {
            LogEntry gone = super.withoutBody(entry, reason);
            Identity nobody = new Identity("nobody", "nobody");
            return new LogEntry(gone.id(), gone.kind(), nobody, gone.key(), "", gone.at(), gone.life());
        }
    }),
    FORGETTING_GETS_A_LATER_TIME(
            "s17_owner_forgets_what_another_has_posted", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                LogEntry withoutBody(LogEntry entry, Forgotten reason) {
                    LogEntry gone = super.withoutBody(entry, reason);
                    Instant later = gone.at().plusMillis(1);
                    return new LogEntry(gone.id(), gone.kind(), gone.sender(), gone.key(), "", later, gone.life());
                }
            }),
    MEMBER_FORGETS_WHAT_IS_ANOTHERS(
            "s14_s17_others_do_not_forget", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean mayForget(Member member, LogEntry entry) {
                    return member.role() != Role.READER;
                }
            }),
    READER_FORGETS(
            "s14_s17_reader_does_not_forget_what_it_has_posted",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean mayForget(Member member, LogEntry entry) {
                    return member.owner() || isSeatOf(member, entry.sender());
                }
            }),
    OWNER_DOES_NOT_FORGET(
            "s17_owner_forgets_what_another_has_posted", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean mayForget(Member member, LogEntry entry) {
                    return member.role() != Role.READER && isSeatOf(member, entry.sender());
                }
            }),
    SENDER_DOES_NOT_FORGET("s17_sender_forgets", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean mayForget(Member member, LogEntry entry) {
            return member.owner();
        }
    }),
    CHANGES_ARE_FORGOTTEN_TOO(
            "s17_only_what_was_posted_is_forgotten", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> posted(Chat chat, long sequence) {
                    return chat.log.stream()
                            .filter(entry -> entry.id().sequence() == sequence)
                            .findFirst();
                }
            }),
    ONLY_MESSAGES_ARE_FORGOTTEN(
            "s17_s20_entry_of_an_unknown_kind_is_forgotten", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> posted(Chat chat, long sequence) {
                    return super.posted(chat, sequence)
                            .filter(entry -> entry.kind().equals(LogEntry.MESSAGE));
                }
            }),
    ALL_OF_A_SENDER_IS_FORGOTTEN(
            "s17_one_of_two_bodies_is_forgotten", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void forget(Chat chat, LogEntry entry, Forgotten reason) {
                    chat.log.replaceAll(
                            other -> other.key() != null && other.sender().equals(entry.sender())
                                    ? withoutBody(other, reason)
                                    : other);
                }
            }),
    FORGOTTEN_AGAIN("s17_what_is_forgotten_is_forgotten_once", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        LogEntry withoutBody(LogEntry entry, Forgotten reason) {
            return withBody(entry, "", entry.life());
        }
    }),
    FORGETTING_JUDGED_TOO_EARLY(
            "s1_s17_forgotten_at_once_is_told_once", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> posted(Chat chat, long sequence) {
                    Optional<LogEntry> posted = super.posted(chat, sequence);
                    SeededFault.letOthersIn(this);
                    return posted;
                }
            }),
    BYTES_OF_THE_FORGOTTEN_COUNTED(
            "s10_s17_what_is_forgotten_pushes_nothing_out", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private long forgottenBytes;

                @Override
                void forget(Chat chat, LogEntry entry, Forgotten reason) {
                    forgottenBytes += entry.size();
                    super.forget(chat, entry, reason);
                }

                @Override
                boolean isTrimmed(Chat chat) {
                    long bytes = forgottenBytes
                            + chat.log.stream().mapToLong(LogEntry::size).sum();
                    return bytes > limits.maxTextBytes() && chat.log.size() > 1;
                }
            }),
    BODY_ENDS_TOO_LATE("s17_body_is_gone_from_its_end_on", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isOver(Chat chat, LogEntry entry) {
            return entry.life().forgotten() == null
                    && entry.life().at(stepTime.minusMillis(1)).forgotten() != null;
        }
    }),
    BODY_ENDS_TOO_EARLY("s17_body_is_there_until_its_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void forget(Chat chat, LogEntry entry, Forgotten reason) {
            super.forget(chat, entry, reason);
        }

        @Override
        boolean isOver(Chat chat, LogEntry entry) {
            return entry.life().forgotten() == null
                    && entry.life().at(stepTime.plusMillis(1)).forgotten() != null;
        }

        @Override
        LogEntry withoutBody(LogEntry entry, Forgotten reason) {
            return entry.shown(entry.life().forgotten(reason));
        }
    }),
    BODY_NEVER_ENDS("s17_body_is_gone_from_its_end_on", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isOver(Chat chat, LogEntry entry) {
            return false;
        }
    }),
    ALL_BODIES_END_WITH_THE_FIRST(
            "s17_bodies_end_each_by_itself", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isOver(Chat chat, LogEntry entry) {
                    return entry.key() != null
                            && entry.life().forgotten() == null
                            && (super.isOver(chat, entry)
                                    || chat.log.stream()
                                            .anyMatch(other -> other.life().forgotten() == Forgotten.EXPIRED));
                }
            }),
    LIFE_IN_THE_ROOM_IGNORED(
            "s17_room_says_how_long_bodies_live", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                BodyLife lifeIn(Chat chat, Draft draft) {
                    return draft.lifeIn(chat.room.withRules(chat.room.rules().withMessageTtl(null)), stepTime);
                }
            }),
    LIFE_OF_MESSAGES_ALONE(
            "s17_room_says_how_long_bodies_live", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                BodyLife lifeIn(Chat chat, Draft draft) {
                    return draft.kind().equals(LogEntry.MESSAGE) ? super.lifeIn(chat, draft) : BodyLife.OF_THE_ROOM;
                }
            }),
    OWN_LIFE_PREFERRED("s17_room_says_how_long_bodies_live", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        BodyLife lifeIn(Chat chat, Draft draft) {
            return draft.ttl() == null
                    ? super.lifeIn(chat, draft)
                    : draft.lifeIn(chat.room.withRules(chat.room.rules().withMessageTtl(null)), stepTime);
        }
    }),
    LIFE_OF_THE_ROOM_PREFERRED(
            "s17_room_says_how_long_bodies_live", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                BodyLife lifeIn(Chat chat, Draft draft) {
                    return chat.room.rules().messageTtl() == null
                            ? super.lifeIn(chat, draft)
                            : draft.withLife(null, draft.claims()).lifeIn(chat.room, stepTime);
                }
            }),
    BODY_OUTLIVES_THE_ROOM(
            "s17_no_body_lives_longer_than_its_room", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                BodyLife lifeIn(Chat chat, Draft draft) {
                    return draft.ttl() == null
                            ? super.lifeIn(chat, draft)
                            : new BodyLife(stepTime.plus(draft.ttl()), draft.claims(), null);
                }
            }),
    END_OVERWRITES_THE_REASON(
            "s17_deleted_stays_deleted_after_its_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isOver(Chat chat, LogEntry entry) {
                    Instant end = entry.life().expiresAt();
                    return end != null && !stepTime.isBefore(end);
                }
            }),
    FORGOTTEN_BODY_HELD(
            "s17_nothing_is_held_of_what_was_forgotten", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final List<LogEntry> held = new ArrayList<>();

                @Override
                void forget(Chat chat, LogEntry entry, Forgotten reason) {
                    held.add(entry);
                    super.forget(chat, entry, reason);
                }
            }),
    ENDED_BODY_HELD("s17_nothing_is_held_of_what_has_ended", (limits, time) -> new ReferenceRoomStore(limits, time) {
        private final List<LogEntry> held = new ArrayList<>();

        @Override
        void forget(Chat chat, LogEntry entry, Forgotten reason) {
            if (reason == Forgotten.EXPIRED) {
                held.add(entry);
            }
            super.forget(chat, entry, reason);
        }
    }),
    CLAIMED_BODY_HELD(
            "s17_s18_nothing_is_held_of_what_all_have_claimed", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isKeptNoLonger(Claims claims) {
                    return false;
                }
            }),
    BODY_TO_CLAIM_SHOWN("s18_body_with_claims_is_in_no_page", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        LogEntry shown(Chat chat, LogEntry entry) {
            return entry;
        }
    }),
    CLAIMS_NOT_COUNTED("s18_claim_hands_out_the_body", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        int leftAfter(LogEntry entry) {
            return entry.life().claimsLeft();
        }
    }),
    CLAIMS_COUNTED_TWICE("s18_claim_hands_out_the_body", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        int leftAfter(LogEntry entry) {
            return entry.life().claimsLeft() - 2;
        }
    }),
    ONE_CLAIM_TOO_MANY("s1_s18_no_more_members_claim_than_may", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        BodyLife lifeIn(Chat chat, Draft draft) {
            BodyLife life = super.lifeIn(chat, draft);
            return life.claimsLeft() == null ? life : life.withClaimsLeft(life.claimsLeft() + 1);
        }
    }),
    SENDER_CLAIMS("s14_s18_sender_and_readers_do_not_claim", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean mayClaim(Member member, LogEntry entry) {
            return member.role() != Role.READER;
        }
    }),
    READER_CLAIMS("s14_s18_sender_and_readers_do_not_claim", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean mayClaim(Member member, LogEntry entry) {
            return !isSeatOf(member, entry.sender());
        }
    }),
    CLAIM_REPEATED_FOR_EVER(
            "s18_claim_is_repeated_for_a_while", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean mayRepeat(Instant claimedAt) {
                    return true;
                }
            }),
    CLAIM_NEVER_REPEATED("s18_claim_is_repeated", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean mayRepeat(Instant claimedAt) {
            return false;
        }
    }),
    CLAIM_REPEATED_AS_LONG_AS_THE_LAST_MAY_BE(
            "s18_each_claim_has_its_own_while", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private Instant last = Instant.MIN;

                @Override
                void keep(Claims claims, String body) {
                    super.keep(claims, body);
                    last = stepTime;
                }

                @Override
                boolean mayRepeat(Instant claimedAt) {
                    return super.mayRepeat(claimedAt.isBefore(last) ? last : claimedAt);
                }
            }),
    LAST_CLAIM_NOT_REPEATED("s18_claim_is_repeated", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void keep(Claims claims, String body) {}
    }),
    DELETED_BODY_HANDED_OUT(
            "s17_s18_deleted_body_is_not_handed_out_again", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void dropKept(Claims claims) {
                    if (isKeptNoLonger(claims)) {
                        super.dropKept(claims);
                    }
                }
            }),
    ENDED_BODY_HANDED_OUT(
            "s17_s18_body_whose_time_is_over_is_not_handed_out_again",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void dropKept(Claims claims) {
                    if (isKeptNoLonger(claims)) {
                        super.dropKept(claims);
                    }
                }
            }),
    CLAIM_FORGOTTEN_WITH_THE_SEAT(
            "s18_member_that_comes_back_has_claimed_already", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Appended> leave(Chat chat, String identityId) {
                    chat.claims.values().forEach(claims -> claims.claimed.remove(identityId));
                    return super.leave(chat, identityId);
                }
            }),
    BODY_TO_CLAIM_NOT_COUNTED(
            "s10_s18_body_with_claims_is_counted", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTrimmed(Chat chat) {
                    long bytes = chat.log.stream()
                            .filter(entry -> entry.life().isShown())
                            .mapToLong(LogEntry::size)
                            .sum();
                    return bytes > limits.maxTextBytes() && chat.log.size() > 1;
                }
            }),
    CLAIM_JUDGED_TOO_EARLY(
            "s1_s18_no_more_members_claim_than_may", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean mayClaim(Member member, LogEntry entry) {
                    SeededFault.letOthersIn(this);
                    return super.mayClaim(member, entry);
                }
            }),
    CLAIM_OF_A_MEMBER_JUDGED_TOO_EARLY(
            "s1_s18_member_claims_once_on_many_devices", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isClaimLeft(LogEntry entry) {
                    SeededFault.letOthersIn(this);
                    return super.isClaimLeft(entry);
                }
            }),
    CLAIMER_NAMED_AS_THE_SENDER_OF_THE_BODY(
            "s18_claim_hands_out_the_body", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    Identity by =
                            kind.equals(LogEntry.CLAIMED) ? chat.log.get(1).sender() : sender;
                    return super.write(chat, kind, by, key, body);
                }
            });

    @SuppressWarnings("ImmutableEnumChecker") // each call of its function makes a new store
    private final Seed seed;

    BodyFault(String foundBy, BiFunction<LogLimits, InstantSource, ReferenceRoomStore> store) {
        seed = new Seed(foundBy, store);
    }

    @Override
    public Seed seed() {
        return seed;
    }
}
