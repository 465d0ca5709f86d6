/** Foreign text, cut and cleaned for messages and logs. */
package io.millrace.schemas.text;
