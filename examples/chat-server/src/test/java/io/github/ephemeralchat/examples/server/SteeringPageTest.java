package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The owner steers a room in the page, and the other one sees what it means. */
class SteeringPageTest extends TwoPeople {

    @Test
    void whoIsRemovedFromARoomThatIsLockedWithIt_staysOut() {
        createRoom(ada, server.uri(), 5, 3);
        String link = benJoinsThroughTheLink();
        ada.click("member-choices");
        ada.click("free-seat");
        ada.click("lock-too");
        ada.click("confirm");
        ben.seeEnd("left", TIMEOUT);
        ada.seeMembers("Ada");
        ada.see("locked-badge");
        join(ben, "Ben", link);
        ben.seeEnd("locked", TIMEOUT);
        ada.click("lock-room");
        ada.see("notice", "You opened the room");
        // With the removal the link became another one, too.
        join(ben, "Ben", link);
        ben.see("key-problem", "older links are void");
        join(ben, "Ben", linkFrom(ada));
        ben.seeState("live");
        ada.seeMembers("Ada", "Ben");
    }

    @Test
    void ownerNamesTheRoom_prolongsIt_andHandsItOver() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        ada.type("title-input", "Tickets <b>");
        ada.click("save-title");
        ada.click("extend-room");
        for (Browser each : List.of(ada, ben)) {
            each.see("room-title", "Tickets <b>");
            each.see("countdown", "14:");
        }
        ada.click("member-choices");
        ada.click("make-reader");
        ada.click("confirm");
        ben.see("reading-note");
        ben.doNotSee("composer");
        ben.doNotSee("steering");
        ada.click("make-owner");
        ada.click("confirm");
        ben.see("steering");
        ben.see("composer");
        ada.doNotSee("steering");
        ben.reload();
        ben.see("steering");
        ben.see("room-title", "Tickets <b>");
    }

    @Test
    void whoDoesNotKnowThePasscode_isAskedForIt_andWaitsAfterTooManyWrongOnes() {
        createPlainRoom(ada, server.uri(), 5, 3, "Brücke 7");
        String link = ada.address();
        ada.see("room-facts", "to whoever knows the passcode");
        join(ben, "Ben", link);
        ben.see("passcode-input");
        ben.keepsGuessing();
        ben.see("form-error", "Try again in");
        ben.type("passcode-input", " Br\u00fccke 7 ");
        ben.sees("invite-join", "aria-disabled", "false");
        ben.click("invite-join");
        ben.seeState("live");
        ada.seeMembers("Ada", "Ben");
    }

    @Test
    void passcodeThatIsRenewedWithARemoval_keepsOutWhoKnewTheOldOne() {
        createPlainRoom(ada, server.uri(), 5, 3, "first");
        String link = ada.address();
        joinWith(ben, link, "first");
        ben.seeState("live");
        ada.click("member-choices");
        ada.click("free-seat");
        ada.click("passcode-too");
        ada.type("passcode-input", "second");
        ada.click("confirm");
        ben.seeEnd("left", TIMEOUT);
        ada.seeMembers("Ada");
        joinWith(ben, link, "first");
        ben.see("passcode-problem", "not the passcode");
        ben.type("passcode-input", "second");
        ben.click("invite-join");
        ben.seeState("live");
        ada.click("drop-passcode");
        for (Browser each : List.of(ada, ben)) {
            each.see("notice", "opened the room");
        }
        ada.see("room-facts", "to whoever has the link");
        // The button that was pressed has gone: the focus stays beside it.
        assertThat(ada.inPage("return document.activeElement.shadowRoot.activeElement.dataset.role;"))
                .isEqualTo("set-passcode");
    }

    @Test
    void roomWithAPasscode_isFoundByItsCodeInTheLobby() {
        createPlainRoom(ada, server.uri(), 5, 2, "first");
        ben.open(server.uri() + "/");
        ben.type("name-input", "Ben");
        ben.type("join-code-input", ada.text("room-code"));
        ben.click("join-room");
        ben.type("passcode-input", "first");
        ben.click("invite-join");
        ben.seeState("live");
        assertThat(ben.address()).isEqualTo(ada.address());
    }

    private static void joinWith(Browser who, String link, String passcode) {
        join(who, "Ben", link);
        who.type("passcode-input", passcode);
        who.click("invite-join");
    }
}
