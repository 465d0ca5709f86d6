package io.millrace.evaluator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedTestTest {

    @ParameterizedTest
    @CsvSource({
        // P[Bin(n, 1/2) <= gained], by hand
        "0, 5, 0.03125",
        "1, 4, 0.1875",
        "5, 5, 0.623046875",
        "3, 0, 1",
        "0, 0, 1"
    })
    void shouldGiveTheExactProbabilityOfSoFewGains(int gained, int lost, double expected) {
        assertThat(new PairedTest(gained, lost, 100).worseProbability()).isEqualTo(expected, within(1e-12));
    }

    @Test
    void shouldBoundTheDifferenceFromBelow() {
        // Given: D = -0.01, d = 0.05, sd = sqrt((0.05 - 0.0001) / 1000)
        PairedTest paired = new PairedTest(20, 30, 1000);

        // Then
        assertThat(paired.lowerBound(0.05)).isEqualTo(-0.01 - 1.6448536 * Math.sqrt(0.0499 / 1000), within(1e-7));
        assertThat(paired.isNotInferior(0.022, 0.05)).isTrue();
        assertThat(paired.isNotInferior(0.021, 0.05)).isFalse();
    }

    @Test
    void shouldPassAModelThatAnswersAllTheSameWhateverTheMargin() {
        assertThat(new PairedTest(0, 0, 10).isNotInferior(0, 0.05)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // Examples that a margin needs at churn 0.05 and 0.10, for 80 % power of one comparison
        "0.05, 0.01, 3092",
        "0.05, 0.02, 773",
        "0.05, 0.03, 344",
        "0.10, 0.01, 6183",
        "0.10, 0.02, 1546"
    })
    void shouldKnowWhichMarginAProbeSetCanHold(double churn, double margin, int examples) {
        assertThat(PairedTest.resolution(examples, churn, 0.05, 0.8, 1)).isEqualTo(margin, within(margin * 1e-3));
    }

    @Test
    void shouldRefuseMoreChangesThanExamples() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new PairedTest(6, 5, 10))
                .withMessage("expected gained + lost <= examples, got 6, 5 and 10");
    }
}
