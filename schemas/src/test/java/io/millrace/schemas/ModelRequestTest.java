package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.schemas.ModelRequest.Action;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRequestTest {

    @ParameterizedTest
    @EnumSource
    void shouldWriteActionByItsWireName(Action action) {
        assertThat(Json.write(action)).isEqualTo("\"" + action.wireName() + "\"");
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteResultByItsWireName(RequestOutcome.Result result) {
        assertThat(Json.write(result)).isEqualTo("\"" + result.wireName() + "\"");
    }

    @Test
    void shouldRequireACheckpointToPromote() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(Action.PROMOTE, null, "alice", "why"))
                .withMessage("ModelRequest.checkpoint is required to promote, got none");
    }

    @ParameterizedTest
    @EnumSource(names = {"HOLD", "RELEASE"})
    void shouldRefuseACheckpointWhereTheWholeTaskIsMeant(Action action) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(action, "checkpoint-000100", "alice", "why"))
                .withMessageStartingWith("ModelRequest.checkpoint must be absent for " + action.wireName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", "../escape", "-", "champion of all"})
    void shouldRefuseWhatIsNoCheckpoint(String checkpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(Action.PROMOTE, checkpoint, "alice", "why"))
                .withMessageStartingWith("ModelRequest.checkpoint must match ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two\nlines", "\u001b[2J", "\u202egnp.exe"})
    void shouldRefuseAReasonThatIsNoLineOfText(String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(Action.HOLD, null, "alice", reason))
                .withMessageStartingWith("ModelRequest.reason must be 1 to 500 characters on one line")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n", "\u001b", "\u202e"));
    }

    @Test
    void shouldBoundWhoAndWhy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(Action.HOLD, null, "a".repeat(129), "why"))
                .withMessageContaining("ModelRequest.by must be 1 to 128 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(Action.HOLD, null, "alice", "w".repeat(501)))
                .withMessageContaining("ModelRequest.reason must be 1 to 500 characters");
    }

    private static ModelRequest request(Action action, String checkpoint, String by, String reason) {
        return new ModelRequest("1", "intent", action, checkpoint, by, reason, null);
    }
}
