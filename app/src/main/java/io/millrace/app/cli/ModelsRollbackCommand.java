package io.millrace.app.cli;

import io.millrace.schemas.ModelRequest.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code millrace models rollback}. */
@Command(
        name = "rollback",
        description = {
            "Make an earlier model the champion again: the one promoted before, or ID.",
            "A model that was rolled back from is no longer one promoted before, until it is promoted again.",
            "If the champion has changed since this command looked, the request is refused."
        })
public final class ModelsRollbackCommand extends ModelsRequestCommand {

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The checkpoint of a promoted model that is kept.")
    private @Nullable String checkpoint;

    @Override
    Action action() {
        return Action.ROLLBACK;
    }

    @Override
    @Nullable
    String checkpoint() {
        return checkpoint;
    }
}
