package io.millrace.app.page.view;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ThinnedTest {

    @Test
    void shouldGiveEveryPointWhereThereIsRoom() {
        // Given
        History history = history(List.of(3.0, 1.0, 2.0));

        // When
        Thinned thinned = Thinned.of(history, List.of("loss"), 0, Long.MAX_VALUE, 100);

        // Then
        assertThat(thinned.x()).containsExactly(1L, 2L, 3L);
        assertThat(thinned.series().get(0).values()).containsExactly(3.0, 1.0, 2.0);
        assertThat(thinned.thinned()).isFalse();
    }

    @Test
    void shouldKeepTheOrderOfTheExtremesOfAPixel() {
        // Given
        History history = history(List.of(1.0, 9.0, 5.0, 4.0, 0.0, 3.0));

        // When
        Thinned thinned = Thinned.of(history, List.of("loss"), 0, Long.MAX_VALUE, 1);

        // Then
        assertThat(thinned.x()).containsExactly(1L, 6L);
        assertThat(thinned.series().get(0).values()).containsExactly(9.0, 0.0);
        assertThat(thinned.points()).isEqualTo(6);
        assertThat(thinned.thinned()).isTrue();
    }

    @Test
    void shouldReachBeyondBothEdgesOfTheRange() {
        // Given
        History history = history(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0));

        // When
        Thinned thinned = Thinned.of(history, List.of("loss"), 3, 4, 100);

        // Then
        assertThat(thinned.x()).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void shouldLeaveOutASeriesThatTheHistoryLacks() {
        // When
        Thinned thinned = Thinned.of(history(List.of(1.0)), List.of("loss", "other"), 0, 9, 10);

        // Then
        assertThat(thinned.series()).extracting(Thinned.Series::name).containsExactly("loss");
    }

    @Property(tries = 200)
    void shouldShowEveryExtremeInAscendingStepsHoweverNarrowTheChart(
            @ForAll @Size(min = 1, max = 300) List<@DoubleRange(min = -5, max = 5) Double> values,
            @ForAll @IntRange(min = 1, max = 50) int width) {
        // Given
        History history = history(values);

        // When
        Thinned thinned = Thinned.of(history, List.of("loss"), 0, Long.MAX_VALUE, width);

        // Then
        List<Double> shown = thinned.series().get(0).values();
        assertThat(Collections.max(shown)).isEqualTo(Collections.max(values));
        assertThat(Collections.min(shown)).isEqualTo(Collections.min(values));
        assertThat(thinned.x()).isSorted().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(4 * width + 2);
        assertThat(shown).hasSameSizeAs(thinned.x()).allMatch(Objects::nonNull);
        assertThat(thinned.points()).isEqualTo(values.size());
    }

    private static History history(List<Double> values) {
        History history = new History(64, 16);
        for (int i = 0; i < values.size(); i++) {
            history.add(i + 1, Map.of("loss", values.get(i)));
        }
        return history;
    }
}
