package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the scripts are written. */
class LuaScriptTest {

    @ParameterizedTest
    @EnumSource(LuaScript.class)
    void scriptNamesEachArgumentOnce(LuaScript script) {
        List<String> used = Pattern.compile("(ARGV|KEYS)\\[\\d+]")
                .matcher(script.text())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(used).isNotEmpty().doesNotHaveDuplicates();
    }
}
