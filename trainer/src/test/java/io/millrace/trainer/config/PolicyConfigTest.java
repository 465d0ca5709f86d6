package io.millrace.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

class PolicyConfigTest {

    private static final Path ENCODER = Path.of("encoder");

    @Test
    void shouldGoOnByDefault() {
        // When
        TrainingConfig config = TrainingConfigs.plain(ENCODER).build();

        // Then
        assertThat(config.policy().isActive()).isFalse();
    }

    @Test
    void shouldRefuseToRaiseTheWeightOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfigs.plain(ENCODER)
                        .withPolicy(Response.RAISE_LAMBDA, Response.CONTINUE)
                        .build())
                .withMessage("training.policy.onRejection must be another answer where the objective has no term with a"
                        + " weight beside the task's, got raise-lambda");
    }

    @ParameterizedTest
    @CsvSource({"smart", "masked-tokens", "mask-tuning", "mask-tuning+smart"})
    void shouldRaiseTheWeightsOfEveryRobustMethod(String method) {
        // When
        TrainingConfig config = TrainingConfigs.plain(ENCODER)
                .withMethod(Method.of(method))
                .withPolicy(Response.RAISE_LAMBDA, Response.RAISE_LAMBDA)
                .build();

        // Then
        assertThat(config.policy().isActive()).isTrue();
    }

    @Test
    void shouldRaiseTheWeightOfUnlabelledTexts() {
        // When
        TrainingConfig config = TrainingConfigs.plain(ENCODER)
                .withBatching(new BatchingConfig(null, null, 0.5, null))
                .withPolicy(Response.RAISE_LAMBDA, Response.CONTINUE)
                .build();

        // Then
        assertThat(config.policy().onRejection()).isEqualTo(Response.RAISE_LAMBDA);
    }

    @Test
    void shouldRefuseSmartWithoutWeights() {
        // Given
        ObjectiveConfig weightless = new ObjectiveConfig(
                Method.SMART,
                null,
                null,
                new SmoothnessConfig(0.0, null, null, null, null),
                new ProximalConfig(0.0, null, null, null));

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfigs.plain(ENCODER)
                        .withObjective(weightless)
                        .withPolicy(Response.CONTINUE, Response.RAISE_LAMBDA)
                        .build())
                .withMessageStartingWith("training.policy.onDrift must be another answer where the objective");
    }

    @Test
    void shouldRefuseMoreReplayWhereThereIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfigs.plain(ENCODER)
                        .withPolicy(Response.CONTINUE, Response.RAISE_REPLAY)
                        .build())
                .withMessage(
                        "training.policy.onDrift must be another answer where replay.share is 0, got raise-replay");
    }

    @Test
    void shouldRefuseMoreReplayWithoutRoom() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfigs.plain(ENCODER)
                        .withReplay(new ReplayConfig(0.75, null, null))
                        .withPolicy(Response.CONTINUE, Response.RAISE_REPLAY)
                        .build())
                .withMessage("training.policy.largestReplayShare must be above replay.share, which is 0.75, got 0.75");
    }

    @Test
    void shouldRefuseToReturnToAChampionThatIsDeletedBefore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfigs.plain(ENCODER)
                        .withCheckpoints(new CheckpointConfig(null, null, 4, null))
                        .withPolicy(Response.RETURN_TO_CHAMPION, Response.CONTINUE)
                        .build())
                .withMessage(
                        "training.checkpoints.keep must be at least 5 for return-to-champion with policy.after 3, so"
                                + " that the champion is still in the store, got 4");
    }

    @Test
    void shouldNotChangeTheHashOfTheConfiguration() {
        // Given
        TrainingConfig plain = TrainingConfigs.plain(ENCODER).build();

        // When
        TrainingConfig answering = TrainingConfigs.plain(ENCODER)
                .withPolicy(Response.LOWER_LEARNING_RATE, Response.CONTINUE)
                .build();

        // Then a checkpoint is reproduced from what its manifest says, whatever the policy is by then
        assertThat(answering.sha256("subject")).isEqualTo(plain.sha256("subject"));
    }
}
