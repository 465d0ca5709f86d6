package io.millrace.evaluator.state;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

class ProbeSetTest {

    private static final LabelledExample A = example("a", "good", "yes");
    private static final LabelledExample B = new LabelledExample("b", "schlecht — ü\"", "pair", "no", null, null, null);

    @Test
    void shouldHashOneJsonArrayALine() {
        // Given
        List<LabelledExample> examples = List.of(A, B);

        // When
        ProbeSet probeSet = ProbeSet.of("typos", Distribution.OUT_OF_DISTRIBUTION, examples);

        // Then: sha256 of ["a","good",null,"yes"]\n["b","schlecht — ü\"","pair","no"]\n
        assertThat(probeSet.reference().version())
                .isEqualTo("453ca522bd8ce1ae2b0a3d092a167db70b19392e16cceece3c0fd809b691e0a3");
        assertThat(probeSet.reference().examples()).isEqualTo(2);
    }

    @Test
    void shouldHaveOneVersionInWhateverOrderTheExamplesCame() {
        // Given
        ProbeSet ordered = ProbeSet.of("typos", Distribution.IN_DISTRIBUTION, List.of(A, B));

        // When
        ProbeSet reversed = ProbeSet.of("typos", Distribution.IN_DISTRIBUTION, List.of(B, A));

        // Then
        assertThat(reversed).isEqualTo(ordered);
    }

    @Test
    void shouldHaveAnotherVersionOnceALabelChanges() {
        // Given
        ProbeSet before = ProbeSet.of("typos", Distribution.IN_DISTRIBUTION, List.of(A));

        // When
        ProbeSet after = ProbeSet.of("typos", Distribution.IN_DISTRIBUTION, List.of(example("a", "good", "no")));

        // Then
        assertThat(after.reference().version()).isNotEqualTo(before.reference().version());
    }

    @Test
    void shouldKeepItsVersionWhenOnlyWhatIsNotScoredChanges() {
        // Given
        LabelledExample annotated =
                new LabelledExample("a", "good", null, "yes", Instant.EPOCH, 2.0, Map.of("source", "hand"));

        // When
        ProbeSet probeSet = ProbeSet.of("typos", Distribution.IN_DISTRIBUTION, List.of(annotated));

        // Then
        assertThat(probeSet.reference())
                .isEqualTo(ProbeSet.of("typos", Distribution.IN_DISTRIBUTION, List.of(A))
                        .reference());
    }
}
