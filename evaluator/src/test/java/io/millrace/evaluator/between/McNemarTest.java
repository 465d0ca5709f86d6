package io.millrace.evaluator.between;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {

    /** Expected values: {@code binomtest(b, b + c).pvalue} of SciPy 1.16. */
    @ParameterizedTest
    @CsvSource({
        "3, 12, 0.03515625",
        "0, 1, 1",
        "5, 5, 1",
        "40, 75, 0.001412957498607674",
        "1200, 1000, 2.1817026407914194e-05"
    })
    void shouldAgreeWithSciPy(long onlyBefore, long onlyNow, double pValue) {
        assertThat(McNemar.pValue(onlyBefore, onlyNow)).isCloseTo(pValue, within(pValue * 1e-9));
    }

    @Test
    void shouldBeCertainOfNothingWhereNothingChanged() {
        assertThat(McNemar.pValue(0, 0)).isEqualTo(1);
    }

    @Test
    void shouldStandChangesWhoseProbabilityUnderflows() {
        assertThat(McNemar.pValue(0, 1_000_000)).isZero();
    }
}
