package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberLabelTest {

    @ParameterizedTest
    @CsvSource({"3, 3.0", "-0.50, -0.5", "+1.25e2, 125.0", ".5, 0.5", "7., 7.0", "-0, 0.0", "2e7, 2.0E7"})
    void shouldGiveEqualNumbersOneText(String label, String canonical) {
        assertThat(NumberLabel.of(NumberLabel.parse(label).orElseThrow())).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "3 stars", " 3", "3,5", "NaN", "Infinity", "-inf", "0x1p3", "1d", "1e999", "٣", "."})
    void shouldFindNoNumberInOtherText(String label) {
        assertThat(NumberLabel.parse(label)).isEmpty();
    }
}
