-- What a node may do: call these functions, and nothing else. Put your application's role in the place of chat.
GRANT USAGE ON SCHEMA ephemeral_chat TO chat;
GRANT EXECUTE ON FUNCTION
  ephemeral_chat.format_version,
  ephemeral_chat.create_room,
  ephemeral_chat.find_room,
  ephemeral_chat.authenticate,
  ephemeral_chat.take_seat,
  ephemeral_chat.post,
  ephemeral_chat.leave,
  ephemeral_chat.move_deadline,
  ephemeral_chat.set_admission,
  ephemeral_chat.assign,
  ephemeral_chat.set_property,
  ephemeral_chat.forget,
  ephemeral_chat.claim,
  ephemeral_chat.read_after,
  ephemeral_chat.entries_at,
  ephemeral_chat.destroy_room,
  ephemeral_chat.count_wrong_codes,
  ephemeral_chat.heads,
  ephemeral_chat.remove_ended_bodies,
  ephemeral_chat.remove_ended_rooms,
  ephemeral_chat.turn_hours
TO chat;
