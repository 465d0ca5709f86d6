package io.millrace.schemas.follow;

import io.millrace.schemas.ModelUpdate;

import java.nio.file.Path;

/**
 * A published model whose weights have the announced hash.
 *
 * @param update the verdict that made it the current model, with its scores and lineage
 * @param directory its Hugging Face directory. The evaluator keeps the newest {@code keepModels} promoted models, so load it at once: it
 *     may be deleted after that many further promotions
 */
public record VerifiedModel(ModelUpdate update, Path directory) {

    /** The checkpoint that it was taken from, as {@code checkpoint-000120}. */
    public String id() {
        return update.model().checkpoint().id();
    }
}
