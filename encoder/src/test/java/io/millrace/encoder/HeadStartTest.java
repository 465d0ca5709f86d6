package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.config.OutputHead;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class HeadStartTest {

    private static final OutputHead MOODS = OutputHead.classes(List.of("bad", "good"));

    @Test
    void shouldTakeAllRowsOfTheSameLabelsInAnyOrder() {
        // When
        HeadStart same = HeadStart.of(MOODS, Optional.of(MOODS));
        HeadStart turned = HeadStart.of(MOODS, Optional.of(OutputHead.classes(List.of("good", "bad"))));

        // Then
        assertThat(same.isWhole(2)).isTrue();
        assertThat(turned.rows()).isEqualTo(Map.of(0, 1, 1, 0));
        assertThat(turned.isWhole(2)).isFalse();
        assertThat(same.notice()).isEmpty();
        assertThat(turned.notice()).isEmpty();
    }

    @Test
    void shouldNameTheLabelsThatStartFresh() {
        // When
        HeadStart start = HeadStart.of(OutputHead.classes(List.of("good", "mixed", "odd")), Optional.of(MOODS));

        // Then
        assertThat(start.rows()).isEqualTo(Map.of(0, 1));
        assertThat(start.notice())
                .contains(
                        "the head starts with 1 of its 3 labels from the checkpoint, by name. These start fresh: mixed, odd");
    }

    @Test
    void shouldSayThatTheWholeHeadStartsFresh() {
        // When / Then
        assertFresh(Optional.empty(), "the checkpoint has none for a task");
        assertFresh(
                Optional.of(OutputHead.classes(List.of("ham", "spam"))),
                "none of the task's labels (bad, good) is among the checkpoint's (ham, spam)");
        assertFresh(
                Optional.of(OutputHead.score()),
                "the checkpoint's gives a number, the task asks for one label of several");
        assertFresh(
                Optional.of(OutputHead.multiLabel(MOODS.labels())),
                "the checkpoint's gives any number of labels, the task asks for one label of several");
        assertFresh(
                Optional.of(OutputHead.classes(OutputHead.defaultNames(3))),
                "none of the task's labels (bad, good) is among the checkpoint's (LABEL_0, LABEL_1, LABEL_2)");
    }

    @Test
    void shouldTakeAsManyRowsWithoutNamesInTheOrderOfTheTask() {
        // When
        HeadStart start = HeadStart.of(MOODS, Optional.of(OutputHead.classes(OutputHead.defaultNames(2))));

        // Then
        assertThat(start.isWhole(2)).isTrue();
        assertThat(start.notice().orElseThrow())
                .contains("have no names of their own (LABEL_0, LABEL_1)")
                .endsWith("in their order, bad, good");
    }

    @Test
    void shouldHaveNothingToSayOfNoHead() {
        // When / Then
        assertThat(HeadStart.of(OutputHead.none(), Optional.of(MOODS)).notice()).isEmpty();
    }

    private static void assertFresh(Optional<OutputHead> stored, String why) {
        HeadStart start = HeadStart.of(MOODS, stored);
        assertThat(start.rows()).isEmpty();
        assertThat(start.notice()).contains("the whole head starts fresh: " + why);
    }
}
