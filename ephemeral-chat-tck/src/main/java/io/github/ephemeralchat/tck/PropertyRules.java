package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.TooManyPropertiesException;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the properties of a room have to hold. */
@Tag("S19")
abstract class PropertyRules extends StoreRules {

    /** With its name of two characters, an eighth of all bytes that there may be. */
    private static final String EIGHTH = "\u00e9".repeat(255);

    @Test
    void s19_property_is_set_changed_and_removed() {
        TestRoom room = room();
        TestRoom elsewhere = onOtherNode(room);

        assertSet(room, "topic", "one");
        assertThat(elsewhere.present().properties()).containsExactly(Map.entry("topic", "one"));
        assertSet(elsewhere, "topic", "two");
        assertSet(room, "a-1", "x");
        assertThat(elsewhere.present().properties()).isEqualTo(Map.of("topic", "two", "a-1", "x"));
        assertThat(room.seat(room.owner()).orElseThrow().room()).isEqualTo(room.present());

        assertSet(room, "topic", null);
        assertThat(elsewhere.present().properties()).containsExactly(Map.entry("a-1", "x"));
    }

    private static void assertSet(TestRoom room, String name, @Nullable String value) {
        var set = assertStored(room, () -> room.set(name, value));
        var owner = room.owner().identity();
        assertEntry(set.entry(), LogEntry.PROPERTY, owner, null, EntryBody.property(name, value));
    }

    @Test
    void s19_room_may_have_properties_from_its_beginning() {
        var room = TestRoom.notCreated(store(), RoomId.random(), LONG_LIFE, SEATS);
        Map<String, String> properties = Map.of("topic", "value", "a", "=\n\"", "b", "\ud834\udd1e");

        TestRoom created = TestRoom.create(room.store(), room.room().withProperties(properties), null);

        assertThat(onOtherNode(created).present().properties()).isEqualTo(properties);
    }

    @Test
    void s19_value_is_kept_as_it_is() {
        TestRoom room = room();
        String odd = "= a=b\n\r\t \" \\ ' {} %s \u2028 \u0000 \ud834\udd1e \u00e9 ";

        assertSet(room, "odd", odd);

        assertThat(onOtherNode(room).present().properties()).containsExactly(Map.entry("odd", odd));
    }

    @Test
    void s19_value_that_a_property_has_changes_nothing() {
        TestRoom room = room();
        room.set("topic", "value");

        assertNothingStored(room, () -> room.set("topic", "value"));
        assertNothingStored(room, () -> room.set("other", null));
        room.set("topic", null);
        assertNothingStored(room, () -> room.set("topic", null));
    }

    @Test
    void s19_seventeenth_property_is_refused() {
        TestRoom room = room();
        for (int i = 0; i < Room.MAX_PROPERTIES; i++) {
            room.set("p" + i, "value");
        }
        assertThat(room.present().properties()).hasSize(Room.MAX_PROPERTIES);

        room.assertRefused(TooManyPropertiesException.class, () -> room.set("another", "value"));

        room.set("p0", "changed");
        room.set("p1", null);
        room.set("another", "value");
        assertThat(room.present().properties())
                .hasSize(Room.MAX_PROPERTIES)
                .containsEntry("p0", "changed")
                .containsEntry("another", "value");
    }

    @Test
    void s19_properties_have_4096_bytes_of_utf8_in_all() {
        TestRoom room = room();
        Map<String, String> full = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            full.put("p" + i, EIGHTH);
            room.set("p" + i, EIGHTH);
        }
        assertThat(Room.propertyBytes(full)).isEqualTo(Room.MAX_PROPERTY_BYTES);
        assertThat(room.present().properties()).as("exactly at the limit").isEqualTo(full);

        room.assertRefused(TooManyPropertiesException.class, () -> room.set("p0", EIGHTH + "x"));
        room.assertRefused(TooManyPropertiesException.class, () -> room.set("x", "y"));

        room.set("p0", EIGHTH.substring(1));
        room.assertRefused(TooManyPropertiesException.class, () -> room.set("p8", "y"));
        room.set("x", "y");
        assertThat(room.present().properties()).containsEntry("x", "y");
    }

    @Test
    @Tag("S10")
    void s10_s19_properties_outlive_the_trimming_of_entries() {
        TestRoom room = room(new LogLimits(2, MUCH_TEXT));
        room.set("topic", "value");

        room.post("a", "b", "c");

        assertThat(room.keys()).containsExactly("b", "c");
        assertThat(room.present().properties()).containsExactly(Map.entry("topic", "value"));
        assertNothingStored(room, () -> room.set("topic", "value"));
    }

    @Test
    @Tag("S10")
    void s10_s19_properties_outlive_the_trimming_of_text() {
        TestRoom room = room(new LogLimits(100, 30));
        room.set("topic", "value");
        room.set("gone", "value");
        room.set("gone", null);

        room.post(room.owner(), "a", "a text of 25 bytes or more");
        room.post(room.owner(), "b", "a text of 25 bytes or more");

        assertThat(room.keys()).containsExactly("b");
        assertThat(room.present().properties()).containsExactly(Map.entry("topic", "value"));
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    void s1_s19_properties_set_at_once_are_never_too_many() {
        TestRoom room = room();
        TestRoom elsewhere = onOtherNode(room);
        for (int i = 0; i < Room.MAX_PROPERTIES - 3; i++) {
            room.set("p" + i, "value");
        }

        var set = crowd.all(i -> trySet(i % 2 == 0 ? room : elsewhere, "new" + i));

        assertThat(set).filteredOn(done -> done).hasSize(3);
        assertThat(room.present().properties()).hasSize(Room.MAX_PROPERTIES);
        assertThat(elsewhere.present()).isEqualTo(room.present());
        assertDense(room.log(), 1, Room.MAX_PROPERTIES + 1);
    }

    private static boolean trySet(TestRoom room, String name) {
        try {
            return room.set(name, "value").isPresent();
        } catch (TooManyPropertiesException e) {
            return false;
        }
    }
}
