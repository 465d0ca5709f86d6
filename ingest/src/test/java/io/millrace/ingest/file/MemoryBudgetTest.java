package io.millrace.ingest.file;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.LabelledExample;
import org.junit.jupiter.api.Test;

import java.util.Map;

class MemoryBudgetTest {

    private final MemoryBudget budget = new MemoryBudget(10_000);

    @Test
    void shouldSayAtWhichLineTheMemoryWouldRunOut() {
        // Given
        budget.keep("t".repeat(4000), "texts.txt line 1");

        // When / Then
        assertThatThrownBy(() -> budget.keep("t".repeat(1000), "texts.txt line 2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("texts.txt line 2: what is kept in memory up to here takes more than the 10000 bytes that"
                        + " there are for it. Read less at a time, or give this process more memory, as with"
                        + " MILLRACE_JAVA_OPTS=-Xmx8g.");
    }

    @Test
    void shouldCountWhatManyTinyExamplesTake() {
        // Given
        LabelledExample tiny = new LabelledExample("1", "t", null, null, null, null, null);

        // When / Then
        assertThatThrownBy(() -> {
                    for (int i = 1; i < 40; i++) {
                        budget.keep(tiny, "line " + i);
                    }
                })
                .hasMessageStartingWith("line 33: ");
    }

    @Test
    void shouldCountAttributes() {
        // Given
        LabelledExample example =
                new LabelledExample("1", "t", null, null, null, null, Map.of("a", "v".repeat(4900), "b", ""));

        // When / Then
        assertThatThrownBy(() -> budget.keep(example, "line 1")).hasMessageStartingWith("line 1: ");
    }

    @Test
    void shouldHaveAllOfItAgainAfterARestart() {
        // Given
        budget.keep("t".repeat(4000), "line 1");

        // When
        budget.restart();

        // Then
        assertThatCode(() -> budget.keep("t".repeat(4000), "line 2")).doesNotThrowAnyException();
    }
}
