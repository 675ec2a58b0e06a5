//! Measuring elements, and measuring them again when they change.

use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Calls `measure` once the elements exist and whenever the size of one of them changes.
#[hook]
pub(crate) fn use_resize<const N: usize>(nodes: [NodeRef; N], measure: impl Fn([Element; N]) + 'static) {
    use_effect_with((), move |()| {
        let elements: Vec<Element> = nodes.iter().filter_map(NodeRef::cast).collect();
        let measure = {
            let elements = elements.clone();
            move || {
                if let Ok(elements) = <[Element; N]>::try_from(elements.clone()) {
                    measure(elements);
                }
            }
        };
        measure();
        let closure = Closure::<dyn FnMut()>::new(measure);
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            elements.iter().for_each(|element| observer.observe(element));
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(closure);
        }
    });
}
