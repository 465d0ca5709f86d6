package io.millrace.schemas;

/**
 * Names one checkpoint and fixes its bytes.
 *
 * @param task the task that it belongs to
 * @param id its name, as {@code checkpoint-000120}
 * @param step optimizer steps done when it was written
 * @param location path relative to the store's root, with forward slashes
 * @param sha256 SHA-256 of its {@code manifest.json}, which in turn lists the SHA-256 of every other file; hexadecimal
 */
public record CheckpointReference(String task, String id, long step, String location, String sha256) {

    public CheckpointReference {
        Required.field("CheckpointReference.task", task);
        Required.field("CheckpointReference.id", id);
        Required.field("CheckpointReference.location", location);
        Required.field("CheckpointReference.sha256", sha256);
    }
}
