package io.millrace.schemas.follow;

/** Takes the models of a task, one after the other, on the thread of the {@link ModelFollower}. */
@FunctionalInterface
public interface ModelReceiver {

    /**
     * Takes the model that is current from now on. The one before stays the receiver's to release, once this one serves.
     *
     * @throws Exception if it cannot be loaded: it is skipped with a line in the log, and the next one is awaited
     */
    void accept(VerifiedModel model) throws Exception;
}
