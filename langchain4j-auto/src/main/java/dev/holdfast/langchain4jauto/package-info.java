/** Makes every LangChain4j AiService durable, with no change to how it is built. */
@NullMarked
package dev.holdfast.langchain4jauto;

import org.jspecify.annotations.NullMarked;
