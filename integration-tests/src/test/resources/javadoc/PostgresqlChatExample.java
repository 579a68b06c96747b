import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import io.github.ephemeralchat.postgresql.PostgresqlChat;
import javax.sql.DataSource;

/** Compiled only: there is no database. The module's own tests open the same. */
public class PostgresqlChatExample {

    public static void main(String[] args) {}

    static void open(DataSource pool, DataSource unpooled) {
        // CODE
    }
}
