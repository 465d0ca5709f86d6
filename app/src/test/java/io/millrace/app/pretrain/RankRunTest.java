package io.millrace.app.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EffectiveRank;
import io.millrace.encoder.Precision;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

class RankRunTest {

    private static final Path BERT =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");

    @Test
    void shouldMeasureTheEmbeddingsAndEveryLayerWhateverTheSizeOfAPass() {
        // Given the same texts, once in one pass and repeated in several
        List<String> texts = List.of("a plot that stays with you", "slow service", "warm and quiet");
        List<String> repeated =
                Collections.nCopies(50, texts).stream().flatMap(List::stream).toList();

        // When
        List<EffectiveRank.Ranks> ranks = RankRun.of(BERT, new Compute("cpu", Precision.F32), texts);

        // Then
        assertThat(ranks).hasSize(4).allMatch(rank -> rank.plain() >= 1 && rank.plain() <= 32);
        assertThat(RankRun.of(BERT, new Compute("cpu", Precision.F32), repeated))
                .isEqualTo(ranks);
    }
}
