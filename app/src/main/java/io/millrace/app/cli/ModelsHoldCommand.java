package io.millrace.app.cli;

import io.millrace.schemas.ModelRequest.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code millrace models hold}. */
@Command(
        name = "hold",
        description = {
            "Promote no further checkpoint of a task until the release; they are judged and scored as before.",
            "Promotion and rollback by hand work during a hold."
        })
public final class ModelsHoldCommand extends ModelsRequestCommand {

    @Override
    Action action() {
        return Action.HOLD;
    }

    @Override
    @Nullable
    String checkpoint() {
        return null;
    }
}
