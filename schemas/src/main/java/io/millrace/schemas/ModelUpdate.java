package io.millrace.schemas;

import java.util.List;

/**
 * What consumers of models follow: the verdict on one checkpoint.
 *
 * @param verdict promoted, rejected or rolled back
 * @param reasons why, one sentence each; empty for a plain promotion
 * @param model what the verdict is about
 * @param scores its scores
 * @param current the model that was current before the verdict and its scores; absent for the first
 * @param lineage how the checkpoint came to be
 */
public record ModelUpdate(
        Verdict verdict,
        List<String> reasons,
        PublishedModel model,
        List<ProbeScore> scores,
        CurrentModel current,
        Lineage lineage) {

    public ModelUpdate {
        reasons = List.copyOf(reasons);
        scores = List.copyOf(scores);
    }

    /**
     * A model that can be loaded.
     *
     * @param checkpoint the checkpoint that it was taken from
     * @param location directory of the Hugging Face checkpoint, relative to the store's root; absent if nothing was published
     * @param sha256 SHA-256 of its {@code model.safetensors}; absent if nothing was published
     */
    public record PublishedModel(CheckpointReference checkpoint, String location, String sha256) {}

    /**
     * The model compared with.
     *
     * @param model which one
     * @param scores its scores on the same versions of the probe sets
     */
    public record CurrentModel(PublishedModel model, List<ProbeScore> scores) {

        public CurrentModel {
            scores = List.copyOf(scores);
        }
    }

    /**
     * How a checkpoint came to be.
     *
     * @param parent id of the checkpoint that it was trained from; absent for the first
     * @param offsets what was consumed since the parent
     */
    public record Lineage(String parent, OffsetRange offsets) {}
}
