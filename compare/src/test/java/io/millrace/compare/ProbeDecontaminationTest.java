package io.millrace.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compare.result.Measure;
import io.millrace.schemas.LabelledExample;
import org.junit.jupiter.api.Test;

import java.util.List;

class ProbeDecontaminationTest {

    @Test
    void shouldKeepOutWhatIngestTakesForTheSameText() {
        // Given
        List<LabelledExample> stream = List.of(
                ExampleLines.example("1", "a\u0007b  c", "x"),
                ExampleLines.example("2", "cafe\u0301", "x"),
                ExampleLines.example("3", "another", "x"));
        ComparedProbeSet probes = new ComparedProbeSet(
                "known",
                Measure.ACCURACY,
                List.of(ExampleLines.example("1", " ab c ", "y"), ExampleLines.example("2", "caf\u00e9", "y")));

        // When
        List<LabelledExample> kept = ProbeDecontamination.without(List.of(probes), stream);

        // Then
        assertThat(kept).extracting(LabelledExample::id).containsExactly("3");
    }
}
