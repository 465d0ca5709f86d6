package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    void shouldWriteDriftPhaseByItsWireName(DriftPhase phase) {
        assertThat(Json.write(phase)).isEqualTo("\"" + phase.wireName() + "\"");
    }

    @Test
    void shouldGiveEveryRejectionReasonItsOwnName() {
        assertThat(Arrays.stream(RejectionReason.values()).map(RejectionReason::wireName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }
}
