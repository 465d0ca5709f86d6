package io.millrace.evaluator.state;

import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.Origin;

/**
 * A request and its place.
 *
 * @param request the request
 * @param origin where it is on {@code model-requests}, and when it was written
 */
public record LocatedRequest(ModelRequest request, Origin origin) {}
