package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.EndToEndContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The nodes hear and publish over one connection, and read over another one's. */
@ExtendWith(RedisEndToEndTest.NotOverARealWire.class)
class RedisEndToEndTest extends EndToEndContract {

    /** It judges that the far node knows of the end at once, which only a wire within one JVM can promise. */
    static final class NotOverARealWire implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean needsNoTime =
                    context.getDisplayName().startsWith("whatWasNotTakenBeforeTheEndIsNotGivenOutAfterIt");
            return needsNoTime
                    ? ConditionEvaluationResult.disabled("the far node hears of the end a moment later")
                    : ConditionEvaluationResult.enabled("");
        }
    }

    private final TestNodes nodes = new TestNodes(server().uri());

    RedisServer server() {
        return RedisServer.shared();
    }

    @AfterAll
    static void everyKeyHadAnEnd() {
        ExpiryWatcher.assertEveryKeyHadAnEnd();
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Override
    protected RoomStore store(LogLimits limits) {
        return nodes.light(limits).store();
    }

    @Override
    protected RoomBroadcaster broadcaster() {
        return nodes.light(LogLimits.DEFAULT).broadcaster();
    }
}
