package io.millrace.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.app.console.Table;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelRequest.Action;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Origin;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.RequestOutcome.Result;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.schemas.store.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class TaskModelsTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final String WEIGHTS = "weights";

    @TempDir
    private Path store;

    private final TaskModels models = new TaskModels("mood");

    @Test
    void shouldKnowChampionAndChallenger() {
        // When
        judged(Verdict.PROMOTED, 100, false);
        judged(Verdict.PROMOTED, 200, false);
        judged(Verdict.REJECTED, 300, false);
        judged(Verdict.ROLLED_BACK, 100, true);

        // Then
        assertThat(models.named("champion").id()).isEqualTo("checkpoint-000100");
        assertThat(models.named("challenger").id()).isEqualTo("checkpoint-000300");
        assertThat(models.id("challenger")).isEqualTo("checkpoint-000300");
        assertThat(models.id("checkpoint-000999")).isEqualTo("checkpoint-000999");
    }

    @Test
    void shouldSayThatThereIsNoSuchModel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> models.named("champion"))
                .withMessage("task mood has no champion. See: millrace models list --task mood");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> models.named("checkpoint-000999"))
                .withMessageStartingWith("task mood has no judged checkpoint checkpoint-000999.");
    }

    @Test
    void shouldListTheNewestVerdictOfEachCheckpointAndAlwaysTheChampion() throws IOException {
        // Given
        judged(Verdict.PROMOTED, 100, false);
        judged(Verdict.REJECTED, 200, false);
        judged(Verdict.REJECTED, 300, false);
        Path model = Files.createDirectories(store.resolve("mood/models/checkpoint-000100"));
        Files.writeString(model.resolve("model.safetensors"), WEIGHTS);
        Path checkpoint = Files.createDirectories(store.resolve("mood/checkpoint-000300"));
        Files.writeString(checkpoint.resolve("manifest.json"), "{}");

        // When
        Optional<ModelFiles> files = Optional.of(new ModelFiles(store));
        Table table = ModelListing.of(models, files, 1);

        // Then
        assertThat(table.lines())
                .containsExactly(
                        "checkpoint         step  verdict   when                  alias       files        known",
                        "checkpoint-000100   100  promoted  2026-01-31T12:00:00Z  champion    model       75.0 %",
                        "checkpoint-000300   300  rejected  2026-01-31T12:00:00Z  challenger  checkpoint  75.0 %");
        assertThat(ModelListing.notes(models, files, table)).containsExactly("1 older ones are not shown: see --rows");

        // And: without the files of the champion
        DirectoryTree.delete(model);
        assertThat(ModelListing.notes(models, files, table))
                .last()
                .asString()
                .startsWith("the files of the champion are not in ")
                .endsWith(
                        ": nobody can load checkpoint-000100 from there. If local runs with --data, its store is in that"
                                + " directory; if they are lost, promote it again if its checkpoint is there, or roll back.");
    }

    @Test
    void shouldTellWhoHoldsPromotionUntilTheRelease() {
        // When
        models.requested(outcome(Action.HOLD, Result.DONE));
        models.requested(outcome(Action.RELEASE, Result.REFUSED));
        List<String> held = ModelListing.notes(models, Optional.empty(), ModelListing.of(models, Optional.empty(), 1));
        models.requested(outcome(Action.RELEASE, Result.DONE));

        // Then
        assertThat(held).containsExactly("promotion is on hold since 2026-01-31T12:00:00Z by alice: because");
        assertThat(models.hold()).isEmpty();
    }

    @Test
    void shouldLocateOnlyTheFilesThatTheVerdictNames() throws IOException {
        // Given
        judged(Verdict.PROMOTED, 100, false);
        PublishedModel published = models.named("champion").update().model();
        ModelFiles files = new ModelFiles(store);

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.locate(published))
                .withMessageStartingWith("the files of checkpoint-000100 are gone: expected ");
        Path weights = Files.createDirectories(store.resolve("mood/models/checkpoint-000100"))
                .resolve("model.safetensors");
        Files.writeString(weights, "others");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.locate(published))
                .withMessageStartingWith(weights + " is not what the verdict on checkpoint-000100 names");
        Files.writeString(weights, WEIGHTS);
        assertThat(files.locate(published)).isEqualTo(weights.getParent());
    }

    private void judged(Verdict verdict, long step, boolean byHand) {
        String id = String.format("checkpoint-%06d", step);
        CheckpointReference checkpoint = new CheckpointReference("mood", id, step, "mood/" + id, "hash");
        boolean published = verdict != Verdict.REJECTED;
        ProbeSetReference known = new ProbeSetReference("known", "v1", Distribution.IN_DISTRIBUTION, 4);
        models.judged(
                new ModelUpdate(
                        verdict,
                        List.of(),
                        new PublishedModel(
                                checkpoint,
                                published ? "mood/models/" + id : null,
                                published ? Sha256.of(WEIGHTS) : null),
                        List.of(new ProbeScore(known, 0.75, 0.7, 0.5, 0.1)),
                        null,
                        new ModelUpdate.Lineage(null, new OffsetRange(0, 0, 1)),
                        null,
                        null,
                        byHand ? new ModelUpdate.Request("1", "alice", "because") : null),
                NOON);
    }

    private static RequestOutcome outcome(Action action, Result result) {
        return new RequestOutcome(
                new ModelRequest("1", "mood", action, null, "alice", "because", null),
                new Origin("model-requests", 0, 0, NOON.toEpochMilli()),
                result,
                List.of(),
                null);
    }
}
