package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.EffectiveRank.Ranks;
import io.millrace.encoder.torchscript.GradMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class EffectiveRankTest {

    private OpenModel model;
    private NDManager scope;
    private EffectiveRank rank;

    @BeforeEach
    void open() {
        model = new OpenModel(Goldens.directory("bert"));
        scope = model.encoder().manager().newSubManager();
        rank = new EffectiveRank(model.encoder());
    }

    @AfterEach
    void close() {
        rank.close();
        model.close();
    }

    @Test
    void shouldCountTheDirectionsThatHoldNineTenthsOfTheEnergy() {
        // Given squared singular values 80, 9, 6 and 5
        rank.add(
                List.of(rows((float) Math.sqrt(80), 0, 0, 0, 0, 3, 0, 0, 0, 0, (float) Math.sqrt(6), 0, 0, 0, 0, (float)
                        Math.sqrt(5))));

        // When / Then
        assertThat(rank.ranks()).extracting(Ranks::plain).containsExactly(3);
    }

    @Test
    void shouldNotCountADirectionThatAllTokensShareOnceItIsCentred() {
        // Given a large offset, and a little in two directions
        rank.add(List.of(rows(100, 1, 0, 0, 100, -1, 0, 0, 100, 0, 1, 0, 100, 0, -1, 0)));

        // When / Then
        assertThat(rank.ranks()).containsExactly(new Ranks(1, 2));
    }

    @Test
    void shouldNotDependOnHowTokensAreBatched() {
        // Given
        try (GradMode off = GradMode.off();
                EffectiveRank inParts = new EffectiveRank(model.encoder())) {
            ForwardPass pass = model.encoder().inferencePass(scope, model.weights());

            // When
            rank.add(pass.hiddenStates(model.encoder().pack(scope, model.tokens(Goldens.TEXTS))));
            for (String text : Goldens.TEXTS) {
                inParts.add(pass.hiddenStates(model.encoder().pack(scope, model.tokens(List.of(text)))));
            }

            // Then
            assertThat(rank.ranks()).hasSize(model.checkpoint().config().shape().layers() + 1);
            assertThat(inParts.ranks()).isEqualTo(rank.ranks());
        }
    }

    @Test
    void shouldHaveNothingToSayAboutNothing() {
        // When / Then
        assertThat(rank.ranks()).isEmpty();
    }

    /** Tokens of four coordinates. */
    private NDArray rows(float... values) {
        return scope.create(values, new Shape(values.length / 4, 4));
    }
}
