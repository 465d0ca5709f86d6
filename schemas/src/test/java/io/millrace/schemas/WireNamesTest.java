package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

class WireNamesTest {

    @ParameterizedTest
    @EnumSource
    void shouldWriteVerdictByItsWireName(Verdict verdict) {
        assertThat(Json.write(verdict)).isEqualTo("\"" + verdict.wireName() + "\"");
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteCauseByItsWireName(Reaction.Cause cause) {
        assertThat(Json.write(cause)).isEqualTo("\"" + cause.wireName() + "\"");
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteActionByItsWireName(Reaction.Action action) {
        assertThat(Json.write(action)).isEqualTo("\"" + action.wireName() + "\"");
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteDriftPhaseByItsWireName(DriftPhase phase) {
        assertThat(Json.write(phase)).isEqualTo("\"" + phase.wireName() + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "SINGLE, single, false, false",
        "PAIR, pair, true, false",
        "REGRESSION, regression, false, true",
        "PAIR_REGRESSION, pair-regression, true, true"
    })
    void shouldNameKindOfTask(TaskKind kind, String name, boolean isPair, boolean isRegression) {
        assertThat(Json.mapper().convertValue(name, TaskKind.class)).isEqualTo(kind);
        assertThat(kind.isPair()).isEqualTo(isPair);
        assertThat(kind.isRegression()).isEqualTo(isRegression);
    }

    @ParameterizedTest
    @CsvSource({"REJECT, reject", "GROW, grow"})
    void shouldNameWhatBecomesOfNewLabels(NewLabels newLabels, String name) {
        assertThat(Json.mapper().convertValue(name, NewLabels.class)).isEqualTo(newLabels);
    }

    @Test
    void shouldGiveEveryRejectionReasonItsOwnName() {
        assertThat(Arrays.stream(RejectionReason.values()).map(RejectionReason::wireName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }
}
