package io.millrace.app.narration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunFiguresTest {

    @Test
    void shouldShowASumOnlyWhereItIsOne() {
        assertThat(new RunFigures(1_500, 1_497, 2, 1, 0, 0, 0, 0).ingested())
                .isEqualTo("received 1,500 = accepted 1,497 + rejected 2 + duplicate 1");
        assertThat(new RunFigures(1_500, 79, 0, 0, 0, 0, 0, 0).ingested())
                .isEqualTo("received 1,500 = accepted 79 + rejected 0 + duplicate 0 + under way 1,421");
        assertThat(new RunFigures(10, 3, 1, 0, 3, 2, 0, 0).ingested())
                .as("labels that come later")
                .isEqualTo("received 10 = accepted 3 + rejected 1 + duplicate 0 + joined 3 + waiting 2 + under way 1");
        assertThat(new RunFigures(10, 70, 0, 0, 0, 0, 0, 0).ingested())
                .as("examples that another process has received")
                .isEqualTo("received 10, accepted 70, rejected 0, duplicate 0");
    }
}
