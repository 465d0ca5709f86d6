package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The verdict on one checkpoint: the topic that consumers of models follow.
 *
 * @param verdict promoted or rejected
 * @param reasons why, one sentence each
 * @param model what the verdict is about
 * @param scores its scores
 * @param current the model that was current before the verdict and its scores; absent for the first
 * @param lineage how the checkpoint was made
 * @param assessment what the gate found; absent in records of old versions
 * @param evidence the numbers that the verdict follows from; absent if the checkpoint was not scored, and in records of old
 *     versions
 */
public record ModelUpdate(
        Verdict verdict,
        List<String> reasons,
        PublishedModel model,
        List<ProbeScore> scores,
        @Nullable CurrentModel current,
        Lineage lineage,
        @Nullable Assessment assessment,
        @Nullable GateEvidence evidence) {

    public ModelUpdate {
        Required.field("ModelUpdate.verdict", verdict);
        reasons = Required.list("ModelUpdate.reasons", reasons);
        Required.field("ModelUpdate.model", model);
        scores = Required.list("ModelUpdate.scores", scores);
        Required.field("ModelUpdate.lineage", lineage);
    }

    /** Without assessment and evidence, as old versions wrote it. */
    public ModelUpdate(
            Verdict verdict,
            List<String> reasons,
            PublishedModel model,
            List<ProbeScore> scores,
            @Nullable CurrentModel current,
            Lineage lineage) {
        this(verdict, reasons, model, scores, current, lineage, null, null);
    }

    /**
     * A model that can be loaded.
     *
     * @param checkpoint the checkpoint that it was taken from
     * @param location directory of the Hugging Face checkpoint, relative to the store's root; absent if nothing was published
     * @param sha256 SHA-256 of its {@code model.safetensors}; absent if nothing was published
     */
    public record PublishedModel(CheckpointReference checkpoint, @Nullable String location, @Nullable String sha256) {

        public PublishedModel {
            Required.field("PublishedModel.checkpoint", checkpoint);
        }
    }

    /**
     * The model that the candidate was compared with.
     *
     * @param model which one
     * @param scores its scores on the same versions of the probe sets
     */
    public record CurrentModel(PublishedModel model, List<ProbeScore> scores) {

        public CurrentModel {
            Required.field("CurrentModel.model", model);
            scores = Required.list("CurrentModel.scores", scores);
        }
    }

    /**
     * How a checkpoint was made.
     *
     * @param parent id of the checkpoint that it was trained from; absent for the first
     * @param offsets the offsets consumed since the parent
     */
    public record Lineage(@Nullable String parent, OffsetRange offsets) {

        public Lineage {
            Required.field("ModelUpdate.lineage.offsets", offsets);
        }
    }
}
